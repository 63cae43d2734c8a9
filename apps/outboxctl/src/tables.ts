import { CorruptItemError, type Item } from '@outbox/function-kit';
import { readSubject, type SubjectState } from '@outbox/inbox-dynamodb';
import {
  isOutboxHead,
  isOutboxItem,
  isPassedOver,
  readOutboxSummary,
  readPassedOver,
  unmarshalHead,
  type OutboxHead,
  type OutboxSummary,
  type PassedOver,
} from '@outbox/outbox-dynamodb';
import type { ConsumerOutput } from './stack';

/** What was read of DynamoDB; grows while a command runs. */
export interface ReadCount {
  items: number;
  /** Read capacity units, as DynamoDB reports them. */
  capacityUnits: number;
}

/** What the outbox table holds of one aggregate. */
export interface AggregateState {
  /** Absent when there are events of an aggregate without a head. */
  readonly head?: OutboxHead;
  readonly events: readonly OutboxSummary[];
  /** Numbers that its head was moved past after a restore. */
  readonly passedOver: readonly PassedOver[];
  /** Items that can't be read, each with what is wrong with it. */
  readonly corrupt: readonly CorruptItemError[];
}

/** What the items of an aggregate's partition say. */
export function readAggregateState(table: string, items: readonly Item[]): AggregateState {
  const corrupt: CorruptItemError[] = [];
  const heads = items.filter(isOutboxHead).flatMap((item) => readable(() => unmarshalHead(table, item), corrupt));
  const events = items.filter(isOutboxItem).flatMap((item) => readable(() => readOutboxSummary(table, item), corrupt));
  const passedOver = items.filter(isPassedOver).flatMap((item) => readable(() => readPassedOver(table, item), corrupt));
  const [head] = heads;
  return { ...(head ? { head } : {}), events, passedOver, corrupt };
}

/** A consumer, and what it holds of one aggregate. */
export interface ConsumerSubject {
  readonly name: string;
  readonly output: ConsumerOutput;
  readonly subject: SubjectState;
  /** Why its items can't be read; `subject` is empty then. */
  readonly corrupt?: CorruptItemError;
}

/** What the items of a consumer's partition say. */
export function readConsumerSubject(name: string, output: ConsumerOutput, items: readonly Item[]): ConsumerSubject {
  const corrupt: CorruptItemError[] = [];
  const [subject] = readable(() => readSubject(output.table_name, items), corrupt);
  const [error] = corrupt;
  return { name, output, subject: subject ?? { records: [], pending: [] }, ...(error ? { corrupt: error } : {}) };
}

function readable<T>(read: () => T, corrupt: CorruptItemError[]): T[] {
  try {
    return [read()];
  } catch (error) {
    if (!(error instanceof CorruptItemError)) throw error;
    corrupt.push(error);
    return [];
  }
}
