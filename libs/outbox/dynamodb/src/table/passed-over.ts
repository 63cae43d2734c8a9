import { TransactionCanceledException, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { itemReader, marshalKey, marshalPlain, type Item } from '@outbox/function-kit';
import { headUpdate } from './outbox-head';
import type { OutboxTable } from './outbox-table';

/** Sequence numbers of an aggregate that a restore took: those after `from` up to `to` which have no event. */
export interface PassedOver {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  /** ARN of who moved the head past them. */
  readonly by: string;
  /** ISO-8601. */
  readonly at: string;
}

const PASSED_OVER_ENTITY = 'OutboxPassedOver';

/** The attributes that a note about numbers passed over is read from, to be asked for by a projection. */
export const PASSED_OVER_ATTRIBUTES: readonly string[] = ['pk', 'sk', 'entity', 'from', 'to', 'reason', 'by', 'at'];

/** Whether an item of the table is a note about numbers passed over; it never expires. */
export function isPassedOver(item: Item): boolean {
  return item['entity']?.S === PASSED_OVER_ENTITY;
}

/**
 * Reads a note back.
 * @throws CorruptItemError
 */
export function readPassedOver(table: string, item: Item): PassedOver {
  const read = itemReader(table, item);
  return {
    from: read.number('from'),
    to: read.number('to'),
    reason: read.text('reason'),
    by: read.text('by'),
    at: read.text('at'),
  };
}

/**
 * Moves the head of the aggregate under `pk` from `after` (0: there is none yet) on to `lastSequence`, and notes what it
 * passed over, both or neither. False: the head has moved since it was read; nothing was changed.
 */
export async function writePassedOver(
  { dynamodb, tableName }: OutboxTable,
  { pk, after, lastSequence }: { readonly pk: string; readonly after: number; readonly lastSequence: number },
  note: PassedOver,
): Promise<boolean> {
  const { at } = note;
  const Item = {
    ...marshalKey({ pk, sk: `PASSED#${at}` }),
    ...marshalPlain({ entity: PASSED_OVER_ENTITY, ...note }),
  };
  const head = headUpdate(tableName, { pk, after, lastSequence }, { token: `passed-over-${at}`, updatedAt: at });
  const put = { TableName: tableName, Item, ConditionExpression: 'attribute_not_exists(pk)' };
  try {
    await dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [head, { Put: put }] }));
    return true;
  } catch (error) {
    const isRace =
      error instanceof TransactionCanceledException &&
      error.CancellationReasons?.some(
        ({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict',
      );
    if (isRace) return false;
    throw error;
  }
}
