import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshalPlain } from '@outbox/function-kit';

type Plain = Readonly<Record<string, unknown>>;

/** A condition of a write, with plain values. */
export interface Condition {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Plain;
}

/** A write to any table, with plain values. */
export type PlainWrite =
  | { readonly put: { readonly table: string; readonly item: Plain; readonly condition?: Condition } }
  | {
      readonly update: {
        readonly table: string;
        readonly key: Plain;
        readonly update: string;
        readonly names?: Readonly<Record<string, string>>;
        readonly values?: Plain;
        readonly condition?: Condition;
      };
    }
  | { readonly delete: { readonly table: string; readonly key: Plain; readonly condition?: Condition } }
  | { readonly check: { readonly table: string; readonly key: Plain; readonly condition: Condition } };

/** A plain write as part of a transaction. @throws UnstorableValueError naming the attribute */
export function toTransactItem(write: PlainWrite): TransactWriteItem {
  if ('put' in write) {
    const { table: TableName, item, condition } = write.put;
    return { Put: { TableName, Item: marshalPlain(item), ...conditional(condition) } };
  }
  if ('delete' in write) {
    const { table: TableName, key, condition } = write.delete;
    return { Delete: { TableName, Key: marshalPlain(key), ...conditional(condition) } };
  }
  if ('check' in write) {
    const { table: TableName, key, condition } = write.check;
    return { ConditionCheck: { TableName, Key: marshalPlain(key), ...conditional(condition) } };
  }
  const { table: TableName, key, update: UpdateExpression, names, values, condition } = write.update;
  return {
    Update: {
      TableName,
      Key: marshalPlain(key),
      UpdateExpression,
      ...placeholders([{ names, values }, condition]),
      ...(condition ? { ConditionExpression: condition.expression } : {}),
    },
  };
}

function conditional(condition: Condition): { ConditionExpression: string };
function conditional(condition: Condition | undefined): { ConditionExpression?: string };
function conditional(condition: Condition | undefined) {
  return condition ? { ConditionExpression: condition.expression, ...placeholders([condition]) } : {};
}

function placeholders(sources: readonly (Pick<Condition, 'names' | 'values'> | undefined)[]) {
  const names = Object.assign({}, ...sources.map((source) => source?.names)) as Record<string, string>;
  const values = Object.assign({}, ...sources.map((source) => source?.values)) as Plain;
  return {
    ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: names } : {}),
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: marshalPlain(values) } : {}),
  };
}
