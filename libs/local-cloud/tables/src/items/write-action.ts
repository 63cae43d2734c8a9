import { validation } from '../errors';
import { applyUpdate, EXPRESSION_MISMATCH } from '../expressions/apply-update';
import type { Condition, Path, UpdateAction } from '../expressions/ast';
import { LEGACY_MISMATCH, legacyCondition, legacyUpdate } from '../expressions/legacy';
import { Placeholders } from '../expressions/placeholders';
import { resolveCondition } from '../expressions/resolve-condition';
import { resolveUpdate } from '../expressions/resolve-update';
import { objectAt, textAt, type Json } from '../json';
import { keyAttributes, type TableDefinition } from '../tables/definition';
import type { Item } from '../values/attribute-value';
import { readItem } from '../values/read-value';
import { sizeOfItem } from '../values/size';
import { checkIndexKeys, keyOfItem, readKey, type ItemKey } from './item-key';
import { attributesAt, checkNotMixed, required } from './request';
import { MAX_ITEM_BYTES } from '../limits';

/** A write of one item, read and checked as far as it can be without the item. */
export interface WriteAction {
  readonly table: TableDefinition;
  readonly key: ItemKey;
  readonly condition: Condition | undefined;
  /** Whether a failed condition's error brings the item along. */
  readonly returnsOldOnFailure: boolean;
  /** Whether it only looks. */
  readonly isCheck: boolean;
  /** Places an update names. */
  readonly changedPaths: readonly Path[];
  /** The item that replaces the one before; undefined for none. @throws AwsError ValidationException where it can't be */
  readonly change: (before: Item | undefined) => Item | undefined;
}

/** A write as it can be read without its table: what is wrong with it so far is wrong with the request. */
export interface PreparedWrite {
  readonly tableName: string;
  /** What it counts of a transaction's bytes. */
  readonly bytes: number;
  /** @throws AwsError ValidationException where it doesn't fit the table */
  readonly bind: (table: TableDefinition) => WriteAction;
}

export type PrepareWrite = (body: Json) => PreparedWrite;

/** `PutItem`, or a `Put` of a transaction. @throws AwsError ValidationException */
export function preparePut(body: Json): PreparedWrite {
  const item = attributesAt(body, 'Item');
  const condition = conditionOf(body);
  const bytes = sizeOfItem(item);
  if (bytes > MAX_ITEM_BYTES) throw validation('Item size has exceeded the maximum allowed size');
  return {
    ...target(body, bytes),
    bind: (table) => {
      const key = keyOfItem(table, item);
      checkIndexKeys(table, item);
      return { ...common(body, table, key, condition), change: () => item };
    },
  };
}

/** `DeleteItem`, or a `Delete` of a transaction. @throws AwsError ValidationException */
export function prepareDelete(body: Json): PreparedWrite {
  const key = attributesAt(body, 'Key');
  const condition = conditionOf(body);
  return {
    ...target(body, sizeOfItem(key)),
    bind: (table) => ({ ...common(body, table, readKey(table, key), condition), change: () => undefined }),
  };
}

/** A `ConditionCheck` of a transaction. @throws AwsError ValidationException */
export function prepareCheck(body: Json): PreparedWrite {
  required(textAt(body, 'ConditionExpression'), 'conditionExpression');
  const prepared = prepareDelete(body);
  return { ...prepared, bind: (table) => ({ ...prepared.bind(table), isCheck: true }) };
}

/** `UpdateItem`, or an `Update` of a transaction. @throws AwsError ValidationException */
export function prepareUpdate(body: Json): PreparedWrite {
  const keyGiven = attributesAt(body, 'Key');
  const { actions, condition, mismatch } = updateOf(body);
  return {
    ...target(body, sizeOfItem(keyGiven)),
    bind: (table) => {
      const key = readKey(table, keyGiven);
      checkKeysUntouched(table, actions);
      return {
        ...common(body, table, key, condition),
        changedPaths: actions.map(({ path }) => path),
        change: (before) => {
          const item = applyUpdate(before ?? key.attributes, actions, mismatch);
          if (sizeOfItem(item) > MAX_ITEM_BYTES) {
            throw validation('Item size to update has exceeded the maximum allowed size');
          }
          checkIndexKeys(table, item);
          return item;
        },
      };
    },
  };
}

function updateOf(body: Json): {
  readonly actions: readonly UpdateAction[];
  readonly condition: Condition | undefined;
  /** What is said of types that don't match. */
  readonly mismatch: string;
} {
  checkNotMixed(body);
  const update = textAt(body, 'UpdateExpression');
  const conditionText = textAt(body, 'ConditionExpression');
  const placeholders = new Placeholders(body, { UpdateExpression: update, ConditionExpression: conditionText });
  const actions = update === undefined ? legacyUpdate(body) : resolveUpdate(update, placeholders);
  const condition =
    conditionText === undefined
      ? legacyCondition(body, 'Expected')
      : resolveCondition('ConditionExpression', conditionText, placeholders);
  placeholders.checkAllUsed();
  return { actions, condition, mismatch: update === undefined ? LEGACY_MISMATCH : EXPRESSION_MISMATCH };
}

/** The bytes of values and names in expressions count too. */
function target(body: Json, bytes: number): Pick<PreparedWrite, 'tableName' | 'bytes'> {
  const values = objectAt(body, 'ExpressionAttributeValues');
  return {
    tableName: required(textAt(body, 'TableName'), 'tableName'),
    bytes: bytes + (values ? sizeOfItem(readItem(values)) : 0),
  };
}

function common(
  body: Json,
  table: TableDefinition,
  key: ItemKey,
  condition: Condition | undefined,
): Omit<WriteAction, 'change'> {
  return {
    table,
    key,
    condition,
    returnsOldOnFailure: textAt(body, 'ReturnValuesOnConditionCheckFailure') === 'ALL_OLD',
    isCheck: false,
    changedPaths: [],
  };
}

function conditionOf(body: Json): Condition | undefined {
  checkNotMixed(body);
  const text = textAt(body, 'ConditionExpression');
  const placeholders = new Placeholders(body, { ConditionExpression: text });
  if (text === undefined) return legacyCondition(body, 'Expected');
  const condition = resolveCondition('ConditionExpression', text, placeholders);
  placeholders.checkAllUsed();
  return condition;
}

function checkKeysUntouched(table: TableDefinition, actions: readonly UpdateAction[]): void {
  const names = keyAttributes(table.keys).map(({ name }) => name);
  for (const { path } of actions) {
    const [name] = path;
    if (!names.includes(name)) continue;
    throw validation(
      `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
    );
  }
}
