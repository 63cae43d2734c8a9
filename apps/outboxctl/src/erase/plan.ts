import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CliError, EXIT, NotFoundError } from '@outbox/cli-kit';
import { findErasableRecords, subjectKey, type ErasableRecord } from '@outbox/inbox-dynamodb';
import { eraseMarks } from '@outbox/outbox-commands';
import { findErasable, loadHead, type ErasableAggregate } from '@outbox/outbox-dynamodb';
import { sequenceOf } from '@outbox/outbox-rules';
import { formatAggregateId, type AggregateId } from '../aggregate-id';
import { keyOfAggregate, subjectOf } from '../aggregate-key';
import { subscribes, type Stack } from '../stack';
import { readAggregateState, readConsumerSubject } from '../tables';
import { partition } from '../trace/load';
import { buildTrace } from '../trace/timeline';

/** An event that a consumer hasn't done. */
export interface Unfinished {
  readonly sequence: number;
  readonly consumer: string;
}

/** All that the tables hold of an aggregate's content. */
export interface ErasePlan {
  readonly about: AggregateId;
  readonly outbox: ErasableAggregate;
  readonly consumers: readonly {
    readonly name: string;
    readonly table: string;
    readonly records: readonly ErasableRecord[];
  }[];
  /** Published events, not erased yet, that a consumer hasn't done: it couldn't get them again. */
  readonly unfinished: readonly Unfinished[];
  /** When the aggregate last changed, ISO-8601, as far as the outbox knows. */
  readonly changedAt: string | undefined;
  /** Aggregates of other types under the same id: whether they are about the same person is for people to say. */
  readonly others: readonly AggregateId[];
}

/** Content that is needed still. Exit code 1. */
export class EraseRefusedError extends CliError {
  override readonly name = 'EraseRefusedError';
  readonly exitCode = EXIT.failed;
}

/**
 * Reads what there is to erase; one Query for the outbox and one for each consumer.
 * @throws NotFoundError when no table knows the aggregate; CorruptItemError
 */
export async function loadErasePlan(
  dynamodb: DynamoDBClient,
  stack: Stack,
  about: AggregateId,
  { keepOwner }: { readonly keepOwner: boolean },
): Promise<ErasePlan> {
  const key = subjectKey(subjectOf(stack, about));
  const [items, others, ...partitions] = await Promise.all([
    partition(dynamodb, stack.outbox_table_name, keyOfAggregate(about)),
    othersOf(dynamodb, stack, about),
    // Those too that don't listen to the type any more.
    ...Object.entries(stack.consumers).map(async ([name, output]) => {
      const rows = await partition(dynamodb, output.table_name, key);
      return { name, output, rows, subject: readConsumerSubject(name, output, rows) };
    }),
  ]);
  if (items.length === 0 && partitions.every(({ rows }) => rows.length === 0)) {
    throw new NotFoundError(
      `no ${formatAggregateId(about)} in table ${stack.outbox_table_name}, nor with any consumer`,
    );
  }
  const outbox = findErasable(stack.outbox_table_name, items, { keepOwner, eraseMarks });
  const state = readAggregateState(stack.outbox_table_name, items);
  const listening = partitions.filter(({ output }) => subscribes(output, about.aggregate));
  const { events } = buildTrace(
    about,
    state,
    listening.map(({ subject }) => subject),
  );
  const erasable = new Set(sequencesOf(outbox, 'erase'));
  const times = [state.head?.updatedAt, ...state.events.map(({ publishedAt }) => publishedAt)].flatMap(
    (at) => at ?? [],
  );
  return {
    about,
    outbox,
    others,
    changedAt: times.sort().at(-1),
    consumers: partitions.map(({ name, output: { table_name: table }, rows }) => ({
      name,
      table,
      records: findErasableRecords(table, rows),
    })),
    unfinished: events
      .filter(({ sequence }) => erasable.has(sequence))
      .flatMap(({ sequence, consumers }) =>
        consumers.filter(({ state }) => state === 'pending').map(({ consumer }) => ({ sequence, consumer })),
      ),
  };
}

/** The sequence numbers of an aggregate's events in a state. */
export function sequencesOf(
  { events }: ErasableAggregate,
  wanted: ErasableAggregate['events'][number]['erasability'],
): number[] {
  return events.filter(({ erasability }) => erasability === wanted).map(({ event }) => sequenceOf(event));
}

/**
 * Whether a plan may be carried out. With `unfinished` events go too that somebody should have got still: nobody can
 * publish or repair them afterwards.
 * @throws EraseRefusedError naming the events that are in the way
 */
export function checkErasePlan(plan: ErasePlan, { unfinished }: { readonly unfinished: boolean }): void {
  const name = formatAggregateId(plan.about);
  const unpublished = sequencesOf(plan.outbox, 'waiting');
  if (unpublished.length > 0) {
    throw new EraseRefusedError(`${name}: ${eventsOf(unpublished)} still unpublished`, {
      hint: 'Nothing was erased. Wait, or run outboxctl sweep; outboxctl trace shows how far it is',
    });
  }
  if (unfinished) return;
  const failed = sequencesOf(plan.outbox, 'failed');
  const reasons = [
    ...(failed.length === 0 ? [] : [`${eventsOf(failed)} failed: the sweeper gave up`]),
    ...plan.unfinished.map(({ sequence, consumer }) => `event ${sequence} is not done by ${consumer}`),
  ];
  if (reasons.length === 0) return;
  throw new EraseRefusedError(`${name}: ${reasons.join('; ')}`, {
    hint:
      'Nothing was erased. Finish it first (outboxctl failed retry, dlq redrive, skip), or add --unfinished: ' +
      'these events can never be published or repaired afterwards',
  });
}

/** `event 1 is`, `events 1, 2 are`. */
function eventsOf(sequences: readonly number[]): string {
  return sequences.length === 1 ? `event ${sequences[0]} is` : `events ${sequences.join(', ')} are`;
}

async function othersOf(dynamodb: DynamoDBClient, stack: Stack, { aggregate, id }: AggregateId) {
  const table = { dynamodb, tableName: stack.outbox_table_name };
  const types = stack.aggregate_types.filter((type) => type !== aggregate);
  const heads = await Promise.all(types.map((aggregateType) => loadHead(table, { aggregate: { aggregateType }, id })));
  return types.filter((_type, index) => heads[index] !== undefined).map((type) => ({ aggregate: type, id }));
}
