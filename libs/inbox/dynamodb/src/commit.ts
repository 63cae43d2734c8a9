import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type CancellationReason,
  type Put,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import {
  EnvironmentError,
  marshalPlain,
  unmarshalPlain,
  UnstorableValueError,
  type Clock,
  type Logger,
  type TraceContext,
} from '@outbox/function-kit';
import type { StoredState } from '@outbox/inbox-rules';
import { transactWriteItem, type Outbox, type TransactionPart } from '@outbox/outbox-dynamodb';
import { deriveId } from './derive-id';
import type { ConsumedEvent } from './event';
import { readRecordedEffect, recordKey } from './inbox-item';
import { loadItem } from './inbox-reader';
import type { Layout, LayoutPorts } from './layout';
import { subjectKey } from './subject';
import type { Completion, CompletionTools } from './work';

/** What came of a completion. */
export type Committed =
  | { readonly kind: 'written' }
  /** The leased item isn't as it was seen; `stored` is what it says, where that is known. */
  | { readonly kind: 'moved'; readonly stored?: StoredState }
  /** What `complete` rests on has changed: it is to be run again. */
  | { readonly kind: 'stale'; readonly reason: string }
  | { readonly kind: 'refused'; readonly detail: string };

/** What a consumer needs of the outbox that it emits to. */
export type EmitPort = Pick<Outbox, 'transactItems' | 'loadHead'>;

/** What commits. */
export interface CommitPorts extends LayoutPorts {
  readonly name: string;
  /** Absent in a consumer that emits nothing. */
  readonly outbox?: EmitPort;
}

/**
 * Writes a consumer's own items, what it writes elsewhere and what it emits: all or nothing.
 * @param trace what the emitted events are a part of
 * @throws what DynamoDB throws besides failed conditions
 */
export async function commit(
  ports: CommitPorts,
  layout: Layout,
  own: readonly Put[],
  { write = [], emit = [] }: Completion,
  event: ConsumedEvent | undefined,
  trace: TraceContext,
): Promise<Committed> {
  let writes: TransactWriteItem[];
  try {
    writes = write.map(transactWriteItem);
  } catch (error) {
    if (error instanceof UnstorableValueError) return { kind: 'refused', detail: `write: ${error.message}` };
    throw error;
  }
  const part = emit.length > 0 && event ? partOf(ports, emit, event, trace) : undefined;
  if (part?.kind === 'refused') return { kind: 'refused', detail: `emit: ${part.reason}: ${part.detail}` };
  const [first] = own;
  if (first && own.length === 1 && writes.length === 0 && !part && layout.stateOf) {
    return put(ports, first, layout.stateOf);
  }
  return transact(ports, own, writes, part);
}

/** One write; DynamoDB returns what is in the way with its refusal. */
async function put({ dynamodb }: LayoutPorts, item: Put, stateOf: Required<Layout>['stateOf']): Promise<Committed> {
  try {
    await dynamodb.send(new PutItemCommand({ ...item, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }));
    return { kind: 'written' };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { kind: 'moved', ...(error.Item ? { stored: stateOf(error.Item) } : {}) };
  }
}

async function transact(
  ports: LayoutPorts,
  own: readonly Put[],
  writes: readonly TransactWriteItem[],
  part: TransactionPart | undefined,
): Promise<Committed> {
  const TransactItems = [...own.map((Put) => ({ Put })), ...writes, ...(part?.items ?? [])];
  try {
    await ports.dynamodb.send(new TransactWriteItemsCommand({ TransactItems }));
    return { kind: 'written' };
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const reasons = error.CancellationReasons ?? [];
    const ofWrites = own.length + writes.length;
    if (reasons.slice(0, own.length).some(isCondition)) return { kind: 'moved' };
    const outcome = part?.outcomeOf(reasons.slice(ofWrites));
    if (outcome?.kind === 'conflict') {
      const { aggregateType, id, lastSequence } = outcome;
      return { kind: 'stale', reason: `${aggregateType} ${id} is at ${lastSequence}` };
    }
    // The record was forgotten, the events weren't: whatever went with them was written, too.
    if (outcome?.kind === 'committed') return transact(ports, own, [], undefined);
    const failed = reasons.slice(own.length, ofWrites).findIndex(isCondition);
    if (failed >= 0) return { kind: 'stale', reason: `the condition of write ${failed} failed` };
    throw error;
  }
}

function isCondition({ Code }: CancellationReason): boolean {
  return Code === 'ConditionalCheckFailed';
}

function partOf(
  ports: CommitPorts,
  changes: NonNullable<Completion['emit']>,
  event: ConsumedEvent,
  trace: TraceContext,
) {
  const { name } = ports;
  return outboxOf(ports).transactItems({
    changes,
    context: { ...trace, causation: event },
    eventId: (index) => deriveId('event', name, event.id, index),
  });
}

function outboxOf({ outbox }: CommitPorts): EmitPort {
  if (!outbox) throw new EnvironmentError('OUTBOX_TABLE_NAME', 'is not set, and this consumer emits events');
  return outbox;
}

/** What `complete` may use when it handles an event. */
export function completionTools(
  ports: CommitPorts & { readonly logger: Logger; readonly clock: Clock },
  event: ConsumedEvent,
): CompletionTools {
  const { dynamodb, name, logger } = ports;
  return {
    read: async (table, key) => {
      const { Item } = await dynamodb.send(
        new GetItemCommand({ TableName: table, Key: marshalPlain(key), ConsistentRead: true }),
      );
      return Item && unmarshalPlain(Item);
    },
    recorded: async ({ aggregateType }, id, sequence) => {
      const subject = subjectKey({ source: event.source, aggregateType, id });
      const item = await loadItem(ports, recordKey({ subject, version: sequence }));
      return item && readRecordedEffect(item);
    },
    lastSequence: async (aggregate, id) => (await outboxOf(ports).loadHead({ aggregate, id }))?.head.lastSequence ?? 0,
    now: () => ports.clock.now(),
    newId: (n = 0) => deriveId('aggregate', name, event.id, n),
    logger,
  };
}
