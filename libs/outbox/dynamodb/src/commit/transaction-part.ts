import type { CancellationReason, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { parseAggregateKey, type Appended } from '@outbox/outbox-rules';
import { outboxPut } from '../table/outbox-item';
import { headUpdate, unmarshalHead, type HeadStamp } from '../table/outbox-head';

/** The head isn't where the writer believed it to be: nothing was written. */
export interface Conflict {
  readonly kind: 'conflict';
  readonly aggregateType: string;
  readonly id: string;
  /** Where the head is; 0: there is no such aggregate. */
  readonly lastSequence: number;
}

/** What a cancelled transaction says about the changes in it; undefined: they were not why. */
export type PartOutcome = { readonly kind: 'committed' } | Conflict | undefined;

/** The changes of one commit as items of a transaction. */
export interface TransactionPart {
  readonly kind: 'part';
  /** Heads first, then events. */
  readonly items: readonly TransactWriteItem[];
  /**
   * Reads the cancellation reasons of exactly these items, in their order. `committed`: they are there already, by an
   * earlier try whose answer was lost.
   * @throws EventInTheWayError
   */
  outcomeOf(reasons: readonly CancellationReason[]): PartOutcome;
}

/**
 * An event lies under a sequence number that its head hasn't reached: a restore brought back half of a transaction.
 * Nothing can be committed for the aggregate until somebody has looked; `outboxctl reconcile` names it.
 */
export class EventInTheWayError extends Error {
  override readonly name = 'EventInTheWayError';

  constructor(
    readonly pk: string,
    readonly sk: string,
  ) {
    super(`${pk} ${sk}: an event lies there, beyond the head of its aggregate`);
  }
}

/** The items that commit `changes` with one stamp, and what their cancellation means. */
export function transactionPart(tableName: string, changes: readonly PartChange[], stamp: HeadStamp): TransactionPart {
  const puts = changes.flatMap(({ appended: { items }, answer }) =>
    items.map((item, index) => ({ item, answer: index === items.length - 1 ? answer : undefined })),
  );
  return {
    kind: 'part',
    items: [
      ...changes.map(({ appended: { head }, marks }) => headUpdate(tableName, head, { ...stamp, marks })),
      ...puts.map(({ item, answer }) => outboxPut(tableName, item, answer)),
    ],
    outcomeOf: (reasons) => {
      const failed = reasons.map(({ Code }) => Code === 'ConditionalCheckFailed');
      if (!failed.includes(true)) return undefined;
      const isOwnEvent = puts.some(({ item }, index) => {
        const { Item } = reasons[changes.length + index] ?? {};
        return failed[changes.length + index] === true && Item?.['id']?.S === item.id;
      });
      if (isOwnEvent) return { kind: 'committed' };
      for (const [index, { appended }] of changes.entries()) {
        if (!failed[index]) continue;
        const { Item } = reasons[index] ?? {};
        const head = Item && Object.keys(Item).length > 0 ? unmarshalHead(tableName, Item) : undefined;
        if (head?.lastCommit === stamp.token) return { kind: 'committed' };
        const aggregate = parseAggregateKey(appended.head.pk) ?? { aggregateType: '', id: appended.head.pk };
        return { kind: 'conflict', ...aggregate, lastSequence: head?.lastSequence ?? 0 };
      }
      const inTheWay = puts.find((_, index) => failed[changes.length + index]);
      if (inTheWay) throw new EventInTheWayError(inTheWay.item.pk, inTheWay.item.sk);
      return undefined;
    },
  };
}

/** One change, with what a command leaves on its head and beside its last event. */
export interface PartChange {
  readonly appended: Appended;
  readonly marks?: HeadStamp['marks'];
  readonly answer?: string;
}
