import { CorruptItemError, type Item } from '@outbox/function-kit';
import { isBeforeStart, readSubject, type Start, type SubjectState } from '@outbox/inbox-dynamodb';
import {
  isOutboxHead,
  isOutboxItem,
  isPassedOver,
  readOutboxSummary,
  readPassedOver,
  readTraceId,
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

/** An event, and the trace that it is a part of as far as its content was read. */
export interface EventSummary extends OutboxSummary {
  readonly traceId?: string;
}

/** What the outbox table holds of one aggregate. */
export interface AggregateState {
  /** Absent when there are events of an aggregate without a head. */
  readonly head?: OutboxHead;
  readonly events: readonly EventSummary[];
  /** Numbers that its head was moved past after a restore. */
  readonly passedOver: readonly PassedOver[];
  /** Items that can't be read, each with what is wrong with it. */
  readonly corrupt: readonly CorruptItemError[];
}

/** What the items of an aggregate's partition say. */
export function readAggregateState(table: string, items: readonly Item[]): AggregateState {
  const corrupt: CorruptItemError[] = [];
  const heads = items.filter(isOutboxHead).flatMap((item) => readable(() => unmarshalHead(table, item), corrupt));
  const events = items.filter(isOutboxItem).flatMap((item) => readable(() => readEvent(table, item), corrupt));
  const passedOver = items.filter(isPassedOver).flatMap((item) => readable(() => readPassedOver(table, item), corrupt));
  const [head] = heads;
  return { ...(head ? { head } : {}), events, passedOver, corrupt };
}

/** @throws CorruptItemError */
function readEvent(table: string, item: Item): EventSummary {
  const traceId = readTraceId(item);
  return { ...readOutboxSummary(table, item), ...(traceId === undefined ? {} : { traceId }) };
}

/** A consumer, and what it holds of one aggregate. */
export interface ConsumerSubject {
  readonly name: string;
  readonly output: ConsumerOutput;
  readonly subject: SubjectState;
  /** Where an operator had it begin with the stack's events; absent: it wants all of them. */
  readonly start?: Start;
  /** Why its items can't be read; `subject` is empty then. */
  readonly corrupt?: CorruptItemError;
}

/** What the items of a consumer's partition say. */
export function readConsumerSubject(
  name: string,
  output: ConsumerOutput,
  items: readonly Item[],
  start?: Start,
): ConsumerSubject {
  const corrupt: CorruptItemError[] = [];
  const [subject] = readable(() => readSubject(output.table_name, items), corrupt);
  const [error] = corrupt;
  return {
    name,
    output,
    subject: subject ?? { records: [], pending: [], skips: [] },
    ...(start ? { start } : {}),
    ...(error ? { corrupt: error } : {}),
  };
}

/** An event, as far as it says whether a consumer leaves it aside. */
export interface Leavable {
  readonly sequence: number;
  /** ISO-8601. */
  readonly committedAt: string;
}

/**
 * Whether nothing is to be done for an event that a consumer's rule selects: it lies before the consumer's start, its
 * code doesn't want the type, or an operator skipped it.
 */
export function leavesAside({ subject, start }: ConsumerSubject, { sequence, committedAt }: Leavable): boolean {
  if (isBeforeStart(start, committedAt)) return true;
  if (subject.head?.joinedAt !== undefined && sequence < subject.head.firstVersion) return true;
  return subject.skips.some(({ from, to }) => from < sequence && sequence <= to);
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
