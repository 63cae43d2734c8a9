import {
  TransactWriteItemsCommand,
  type AttributeValue,
  type CancellationReason,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import {
  createIds,
  dynamoFailure,
  isoTime,
  retryWithin,
  passingTracer,
  systemClock,
  systemRetry,
  traced,
  type Attempt,
  type Clock,
  type Ids,
  type Logger,
  type RetryPolicy,
  type Tracer,
} from '@outbox/function-kit';
import {
  append,
  type Appended,
  type AppendPolicy,
  type Change,
  type CommitContext,
  type RefusedChange,
} from '@outbox/outbox-rules';
import { eventFields } from '../event-evidence';
import { loadEvent, loadHead, type AggregateRef, type CommittedAnswer, type LoadedHead } from '../table/outbox-reader';
import { transactWriteItem, type PlainWrite } from './plain-write';
import { transactionPart, type Conflict, type TransactionPart } from './transaction-part';

/** What an outbox is made of. */
export interface OutboxOptions extends AppendPolicy {
  readonly dynamodb: DynamoDBClient;
  /** The outbox table. */
  readonly tableName: string;
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly retry?: Pick<RetryPolicy, 'random' | 'sleep'>;
  /** Gets a line per commit, at the level debug. */
  readonly logger?: Pick<Logger, 'debug'>;
  /** Gets a span per commit, which the events' `traceparent` names; without one they carry that of the context. */
  readonly tracer?: Tracer;
}

/** A change and what is written with it. */
export interface Commit extends Change {
  /** Writes to tables of the service, in the same transaction. */
  readonly write?: readonly PlainWrite[];
  readonly context?: CommitContext;
  /** For commands: attributes to set on the head, and what is kept beside the last event. */
  readonly marks?: Readonly<Record<string, AttributeValue>>;
  readonly answer?: string;
}

/** Why DynamoDB, or the outbox itself, can never take a commit as it is. */
export type RefusedCommit =
  | RefusedChange
  /** The condition of `write[index]` doesn't hold. */
  | { readonly kind: 'refused'; readonly reason: 'condition'; readonly index: number }
  /** DynamoDB takes 100 items in a transaction: one for the head, one per event, one per write. */
  | { readonly kind: 'refused'; readonly reason: 'too-many-items'; readonly detail: string }
  /** DynamoDB calls it invalid: an item above 400 KB, 4 MB in all, a key without a value, one item written twice … */
  | { readonly kind: 'refused'; readonly reason: 'invalid-write'; readonly detail: string };

/** How a commit ended. Only `committed` has written anything. */
export type CommitResult =
  | { readonly kind: 'committed'; readonly sequence: number }
  | Conflict
  | RefusedCommit
  /**
   * DynamoDB was throttling, in conflict or out of reach for as long as there was time. If its answer was lost, the
   * change may have been written: another try then ends in a conflict, whose `lastSequence` tells.
   */
  | { readonly kind: 'busy'; readonly reason: string };

/** Changes of several aggregates, for a transaction of one's own. */
export interface PartInput {
  readonly changes: readonly Change[];
  readonly context?: CommitContext;
  /** Id of the event at a position over all changes; a random one if it isn't given. */
  readonly eventId?: (index: number) => string;
}

/** Where a service's events are committed. */
export interface Outbox {
  /**
   * Commits a change, its events and the service's own writes in one transaction. Conflicts of transactions, throttling
   * and outages are tried again while `remainingMs` lasts (10 s if it isn't given).
   * @throws EventInTheWayError, and what DynamoDB throws besides
   */
  commit(commit: Commit, budget?: Pick<RetryPolicy, 'remainingMs'>): Promise<CommitResult>;
  /** The items that commit changes, to be put into a transaction of one's own. */
  transactItems(input: PartInput): TransactionPart | RefusedChange;
  /**
   * An aggregate's head as it is now, and its item with the marks that commits left on it; undefined: nothing was
   * committed yet. Strongly consistent.
   * @throws CorruptItemError
   */
  loadHead(ref: AggregateRef): Promise<LoadedHead | undefined>;
  /**
   * A committed event, and the answer that was committed with it; undefined once retention removed it. Strongly
   * consistent.
   * @throws CorruptItemError, UnreadableEventError
   */
  loadEvent(ref: AggregateRef, sequence: number): Promise<CommittedAnswer | undefined>;
}

/** Items of one transaction (DynamoDB API reference, TransactWriteItems). */
const MAX_ITEMS = 100;

/** Kept back of the time there is, for reading and answering after the last try. */
const RESERVE_MS = 1_500;
const FIRST_WAIT_MS = 25;
const LONGEST_WAIT_MS = 1_000;
const DEFAULT_BUDGET_MS = 10_000;

/** What EventBridge takes as a source, and a consumer as a part of its keys. */
const SOURCE = /^(?!aws\.)[A-Za-z0-9._/-]{1,256}$/;

/**
 * An outbox over one table.
 * @throws RangeError when no bus or consumer would take events of `source`
 */
export function createOutbox(options: OutboxOptions): Outbox {
  if (!SOURCE.test(options.source)) {
    const allowed = '1 to 256 letters, digits and . _ / -, not starting with `aws.`';
    throw new RangeError(`source ${JSON.stringify(options.source)} isn't ${allowed}`);
  }
  const { tableName, clock = systemClock, ids = createIds(), tracer = passingTracer } = options;
  return {
    loadHead: (ref) => loadHead(options, ref),
    loadEvent: (ref, sequence) => loadEvent(options, ref, sequence),

    transactItems: ({ changes, context = {}, eventId = () => ids.next() }) => {
      const now = clock.now();
      const appended: Appended[] = [];
      let earlier = 0;
      for (const change of changes) {
        const offset = earlier;
        const one = append(change, context, { now, eventId: (index) => eventId(offset + index) }, options);
        if (one.kind === 'refused') return one;
        appended.push(one);
        earlier += change.events.length;
      }
      const parts = appended.map((one) => ({ appended: one }));
      return transactionPart(tableName, parts, { token: ids.next(), updatedAt: isoTime(now) });
    },

    commit: (commit, budget) => {
      const { context: { causation, ...given } = {}, aggregate, id } = commit;
      const parent = given.traceparent === undefined ? (causation ?? {}) : given;
      const attributes = { 'outbox.aggregate.type': aggregate.aggregateType, 'outbox.aggregate.id': id };
      const start = { name: `commit ${aggregate.aggregateType}`, kind: 'producer', parent, attributes } as const;
      return traced(tracer, start, async (span) => {
        const context = { ...commit.context, ...span.context };
        const result = await commitOnce(options, { ...commit, context }, budget);
        span.set({ 'outbox.outcome': result.kind });
        return result;
      });
    },
  };
}

async function commitOnce(
  {
    dynamodb,
    tableName,
    clock = systemClock,
    ids = createIds(),
    retry = systemRetry,
    logger,
    ...policy
  }: OutboxOptions,
  { write = [], context = {}, marks, answer, ...change }: Commit,
  budget: Pick<RetryPolicy, 'remainingMs'> | undefined,
): Promise<CommitResult> {
  const now = clock.now();
  const token = ids.next();
  const appended = append(change, context, { now, eventId: () => ids.next() }, policy);
  if (appended.kind === 'refused') return appended;
  const part = transactionPart(tableName, [{ appended, marks, answer }], { token, updatedAt: isoTime(now) });
  const items = [...part.items, ...write.map(transactWriteItem)];
  if (items.length > MAX_ITEMS) {
    const detail = `${items.length} items in one transaction, DynamoDB takes ${MAX_ITEMS}`;
    return { kind: 'refused', reason: 'too-many-items', detail };
  }
  const remainingMs = budget ? () => budget.remainingMs() : () => now + DEFAULT_BUDGET_MS - clock.now();
  // One command, so that every try carries the same token: DynamoDB knows a try that took effect for ten minutes.
  const command = new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken: token });
  const committed: CommitResult = { kind: 'committed', sequence: appended.head.lastSequence };
  const outcome = await retryWithin<CommitResult, string>(
    { ...retry, remainingMs, reserveMs: RESERVE_MS, baseMs: FIRST_WAIT_MS, capMs: LONGEST_WAIT_MS },
    async () => {
      try {
        await dynamodb.send(command);
        return { kind: 'answer', value: committed };
      } catch (error) {
        return resultOf(error, part, committed);
      }
    },
  );
  const result: CommitResult = outcome.kind === 'answer' ? outcome.value : { kind: 'busy', reason: outcome.reason };
  logOutcome(logger, appended, change, context, result);
  return result;
}

/** A line per event: what becomes of it later is logged under the same ids. */
function logOutcome(
  logger: OutboxOptions['logger'],
  { items }: Appended,
  { aggregate, id: subject, after }: Change,
  { causation, ...given }: CommitContext,
  { kind }: CommitResult,
): void {
  const { traceparent, correlationid = given.correlationId } = { ...causation, ...given };
  const { aggregateType: aggregatetype } = aggregate;
  for (const [index, { id, type }] of items.entries()) {
    const event = { id, type, aggregatetype, subject, sequence: String(after + 1 + index), traceparent, correlationid };
    logger?.debug('commit of an event', { ...eventFields(event), outcome: kind });
  }
}

function resultOf(error: unknown, part: TransactionPart, committed: CommitResult): Attempt<CommitResult, string> {
  const answer = (value: CommitResult): Attempt<CommitResult, string> => ({ kind: 'answer', value });
  const failure = dynamoFailure(error);
  switch (failure.kind) {
    case 'condition': {
      const outcome = part.outcomeOf(cancellationReasons(error).slice(0, part.items.length));
      if (outcome) return answer(outcome.kind === 'committed' ? committed : outcome);
      const index = failure.failed.find((position) => position >= part.items.length) ?? part.items.length;
      return answer({ kind: 'refused', reason: 'condition', index: index - part.items.length });
    }
    case 'invalid':
      return answer({ kind: 'refused', reason: 'invalid-write', detail: failure.detail });
    case 'busy':
      return { kind: 'again', reason: failure.reason };
    case 'unanswered':
      // The client has tried for seconds: another round of that could outlast the invocation.
      return answer({ kind: 'busy', reason: failure.reason });
    case 'fault':
      throw error;
  }
}

/** The reasons of a cancelled transaction, one per item in their order. */
export function cancellationReasons(error: unknown): readonly CancellationReason[] {
  const reasons: unknown =
    typeof error === 'object' && error !== null && 'CancellationReasons' in error
      ? error.CancellationReasons
      : undefined;
  return Array.isArray(reasons) ? (reasons as CancellationReason[]) : [];
}
