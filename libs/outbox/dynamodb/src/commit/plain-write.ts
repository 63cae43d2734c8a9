import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshalPlain, UnstorableValueError } from '@outbox/function-kit';

/** Plain values by name: text, numbers, bigints, booleans, null, bytes, lists and objects of them. */
export type PlainItem = Readonly<Record<string, unknown>>;

/** A condition in DynamoDB's own expression language, with plain values. */
export interface Condition {
  /** Such as `attribute_not_exists(id)` or `#version = :seen`. */
  readonly expression: string;
  /** `#name` → attribute. */
  readonly names?: Readonly<Record<string, string>>;
  /** `:name` → plain value. */
  readonly values?: PlainItem;
}

/** A write to a table of the service, committed with its events or not at all. */
export type PlainWrite =
  | { readonly put: { readonly table: string; readonly item: PlainItem; readonly condition?: Condition } }
  | {
      readonly update: {
        readonly table: string;
        readonly key: PlainItem;
        /** An update expression, such as `SET #status = :status`. */
        readonly update: string;
        readonly names?: Readonly<Record<string, string>>;
        readonly values?: PlainItem;
        readonly condition?: Condition;
      };
    }
  | { readonly delete: { readonly table: string; readonly key: PlainItem; readonly condition?: Condition } }
  | { readonly check: { readonly table: string; readonly key: PlainItem; readonly condition: Condition } };

/**
 * A plain write as DynamoDB takes it. Members that are undefined are left out.
 * @throws UnstorableValueError naming the attribute, or a placeholder that update and condition give different values
 */
export function transactWriteItem(write: PlainWrite): TransactWriteItem {
  if ('put' in write) {
    const { table, item, condition } = write.put;
    return { Put: { TableName: table, Item: marshalPlain(item), ...expression(condition) } };
  }
  if ('update' in write) {
    const { table, key, update, names, values, condition } = write.update;
    const both = {
      names: merged(names, condition?.names),
      values: merged(values, condition?.values),
    };
    return {
      Update: {
        TableName: table,
        Key: marshalPlain(key),
        UpdateExpression: update,
        ...(condition ? { ConditionExpression: condition.expression } : {}),
        ...placeholders(both),
      },
    };
  }
  if ('delete' in write) {
    const { table, key, condition } = write.delete;
    return { Delete: { TableName: table, Key: marshalPlain(key), ...expression(condition) } };
  }
  const { table, key, condition } = write.check;
  return {
    ConditionCheck: {
      TableName: table,
      Key: marshalPlain(key),
      ConditionExpression: condition.expression,
      ...placeholders(condition),
    },
  };
}

/** DynamoDB has one map of placeholders for both expressions of an update. */
function merged<T extends PlainItem>(update: T | undefined, condition: T | undefined): PlainItem & T {
  const both = { ...update, ...condition } as PlainItem & T;
  for (const [name, value] of Object.entries(update ?? {})) {
    if (JSON.stringify(marshalPlain({ value })) !== JSON.stringify(marshalPlain({ value: both[name] }))) {
      throw new UnstorableValueError(name, 'the update and its condition give it different values: rename one');
    }
  }
  return both;
}

function expression(condition: Condition | undefined) {
  return condition ? { ConditionExpression: condition.expression, ...placeholders(condition) } : {};
}

/** DynamoDB refuses empty maps of placeholders. */
function placeholders({ names = {}, values = {} }: Pick<Condition, 'names' | 'values'>) {
  return {
    ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: { ...names } } : {}),
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: marshalPlain(values) } : {}),
  };
}
