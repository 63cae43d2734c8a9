import { batchSeconds, ITEM_UNITS, QUOTAS, regionalQuotas, type Quota } from '@outbox/prices';
import { SHARDS } from '@outbox/outbox-rules';
import { ACKNOWLEDGER } from '../stack';
import type { BatchDuration, Duration, Durations } from './durations';
import type { Settings } from './settings';

/** What a load needs of one thing, and how much of it there is. */
export interface Limit {
  readonly part: string;
  readonly needed: number;
  readonly limit: number;
  readonly unit: string;
  /** Where the need comes from. */
  readonly because: string;
  /** Where the limit comes from. */
  readonly source: string;
  /** What raises it. */
  readonly lever: string;
  /** It grows by itself under load: too little of it slows a sudden load down, and no more. */
  readonly grows?: true;
}

export interface Capacity {
  readonly eventsPerSecond: number;
  readonly region: string;
  readonly consumers: readonly string[];
  readonly settings: Settings;
  readonly durations: Durations;
}

/** Of an event, as the price model has it. */
const EVENT_KILOBYTES = 2;
/** Write units of one event, as the price model has them: event and head in a transaction, and the acknowledgement. */
const TABLE_UNITS = 2 * (EVENT_KILOBYTES * ITEM_UNITS.event + ITEM_UNITS.head) + EVENT_KILOBYTES * ITEM_UNITS.event;
/** Writes of one event to the index: it enters and it leaves. */
const INDEX_WRITES = 2;
/** Write units of one event of an in-order consumer: record and head in a transaction. */
const CONSUMER_UNITS = ITEM_UNITS.inOrderWrites;
/** Source: EventBridge Pipes API reference, ParallelizationFactor. */
const MOST_PARALLEL = 10;

/**
 * Every limit on the way of an event, in its order. Batches are taken to hold one event where that needs more (calls,
 * functions), full ones where a backlog fills them (the pipe, queues whose function has a limit). How many run at a time
 * is rate times duration (Little's law); how long a batch takes grows with its messages as the price model has it.
 */
export function limitsOf({ eventsPerSecond: rate, region, consumers, settings, durations }: Capacity): Limit[] {
  const regional = regionalQuotas(region);
  const names = [...consumers, ACKNOWLEDGER];
  const handlers = names.map((name): Handler => {
    const duration = durations.handlers[name] ?? ASSUMED;
    const { maximumConcurrency, batch = 1 } = settings.mappings[name] ?? {};
    return { name, rate: rate * duration.share, duration, maximumConcurrency, batch };
  });
  const shards = Math.max(settings.openShards, Math.ceil((rate * TABLE_UNITS) / QUOTAS.partitionWriteUnits.value));
  const lanes = shards * settings.pipe.parallel;
  const functions =
    rate * durations.api.seconds +
    Math.min(rate * durations.relay.seconds, lanes) +
    handlers.reduce((sum, handler) => sum + handler.rate * secondsOf(handler.duration, 1), 0);
  return [
    apiLimit(rate, settings, regional.apiRequests),
    {
      ...of(QUOTAS.tableWriteUnits, 'outbox table', 'write units/s', rate * TABLE_UNITS),
      because: `${TABLE_UNITS} write units an event of 2 KB: 6 of its transaction, 2 of its acknowledgement`,
      lever: 'ask AWS for a higher quota',
    },
    {
      ...of(QUOTAS.newTableWriteUnits, 'outbox table, new', 'write units/s', rate * TABLE_UNITS),
      because: `${TABLE_UNITS} write units an event`,
      lever: 'raise the load over half an hour, or pre-warm the table',
      grows: true,
    },
    {
      ...of(QUOTAS.partitionWriteUnits, 'index unpublished', 'writes/s a shard', (rate * INDEX_WRITES) / SHARDS.length),
      because: `${INDEX_WRITES} writes an event, over ${SHARDS.length} shards`,
      lever: 'more shards (SHARD_COUNT of libs/outbox/rules)',
    },
    pipeLimit(rate, shards, settings.pipe, durations.pipe),
    {
      ...of(
        regional.pipeExecutions,
        'pipe, account',
        'batches at once',
        Math.min(rate * durations.pipe.seconds, lanes),
      ),
      because: `batches of one, ${said(durations.pipe)} each, at most ${lanes}`,
      lever: 'ask AWS for a higher quota',
    },
    {
      ...of(regional.putEvents, 'bus, PutEvents', 'requests/s', rate),
      because: 'one request an event where batches hold one',
      lever: 'pipe_batching_window_seconds = 1 fills batches; or ask AWS for a higher quota',
    },
    {
      ...of(regional.invocations, 'bus, rules', 'invocations/s', sum(handlers.map((handler) => handler.rate))),
      because: `${rounded(sum(handlers.map(({ duration }) => duration.share)))} queues an event`,
      lever: 'ask AWS for a higher quota',
    },
    ...handlers.map(handlerLimit),
    {
      ...of(QUOTAS.messagesInFlight, 'the slowest’s queue', 'messages in flight', Math.max(...handlers.map(inFlight))),
      because: 'what is received and not yet deleted; what an in-order consumer parks comes on top',
      lever: 'ask AWS for a higher quota',
    },
    {
      ...of(QUOTAS.tableWriteUnits, 'a consumer’s table', 'write units/s', rate * CONSUMER_UNITS),
      because: `${CONSUMER_UNITS} write units an event: effect and head in a transaction`,
      lever: 'ask AWS for a higher quota',
    },
    {
      part: 'functions, account',
      unit: 'at a time',
      needed: functions,
      limit: settings.accountConcurrency,
      because: `rate × duration of api, outbox-relay, ${names.join(', ')}`,
      source: 'ConcurrentExecutions of the account, as Lambda answers',
      lever: 'ask AWS for a higher quota',
    },
  ];
}

/** A shard is worked on by so many batches at a time; a table under load has a shard for each 1,000 write units/s. */
function pipeLimit(rate: number, shards: number, pipe: Settings['pipe'], duration: Duration): Limit {
  const needed = (rate / pipe.batch) * duration.seconds;
  const factor = Math.max(Math.ceil(needed / shards), pipe.parallel + 1);
  return {
    part: 'pipe',
    unit: 'batches at once',
    needed,
    limit: shards * pipe.parallel,
    because: `batches of ${pipe.batch}, ${said(duration)} each`,
    source: `${pipe.parallel} at a time of each of ${shards} shards, as deployed (more shards where the load needs them)`,
    lever:
      factor <= MOST_PARALLEL
        ? `pipe_parallelization_factor = ${factor}`
        : `a shorter duration than ${said(duration)}: pipe_parallelization_factor ends at ${MOST_PARALLEL}`,
  };
}

/** What works on a queue: how many events a second it gets, and how. */
interface Handler {
  readonly name: string;
  readonly rate: number;
  readonly duration: BatchDuration;
  readonly maximumConcurrency: number | undefined;
  /** Messages of a batch at most. */
  readonly batch: number;
}

const ASSUMED: BatchDuration = { seconds: batchSeconds(1), basis: 'assumed', batch: 1, share: 1 };

/** Seconds of a batch of so many messages, from those of the batches that were measured. */
function secondsOf({ seconds, batch }: BatchDuration, messages: number): number {
  return (seconds * batchSeconds(messages)) / batchSeconds(batch);
}

/** Messages that are received and not yet deleted: all of a batch, as long as it takes. */
function inFlight({ rate, duration, batch }: Handler): number {
  return rate * secondsOf(duration, batch);
}

/** What a queue's function needs at a time. Where so many batches run at most, messages wait, and batches fill. */
function handlerLimit({ name, rate, duration, maximumConcurrency: own, batch: most }: Handler): Limit {
  const batch = own === undefined ? 1 : most;
  const { value, source } = QUOTAS.mappingConcurrency;
  return {
    part: name,
    unit: 'batches at once',
    needed: (rate * secondsOf(duration, batch)) / batch,
    limit: Math.min(value, own ?? value),
    because: `batches of ${batch === 1 ? 'one' : batch}, ${batchSaid(duration, batch)}`,
    source: own === undefined ? source : 'maximum concurrency of the event source mapping, as deployed',
    lever: own === undefined ? 'a shorter duration, or larger batches' : leverOf(name),
  };
}

function batchSaid(duration: BatchDuration, batch: number): string {
  const each = `${Math.round(secondsOf(duration, batch) * 1_000)} ms each`;
  const percent = Math.round(duration.share * 100);
  const part = percent === 100 ? '' : `, of ${percent} % of the events`;
  return duration.basis === 'assumed'
    ? `${each} (assumed)${part}`
    : `${each}${part} (measured: ${Math.round(duration.seconds * 1_000)} ms for ${rounded(duration.batch)})`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function leverOf(name: string): string {
  return name === ACKNOWLEDGER ? 'acknowledger_concurrency' : `maximum_concurrency of ${name}`;
}

function apiLimit(rate: number, { apiRequests }: Settings, quota: Quota): Limit {
  const own = apiRequests !== undefined && apiRequests < quota.value ? apiRequests : undefined;
  return {
    part: 'API',
    unit: 'requests/s',
    needed: rate,
    limit: own ?? quota.value,
    because: 'one request an event; reads come on top',
    source: own === undefined ? quota.source : 'throttling of the stage and its routes, as deployed',
    lever: own === undefined ? 'ask AWS for a higher quota' : 'api_throttling',
  };
}

function of({ value, source }: Quota, part: string, unit: string, needed: number) {
  return { part, unit, needed, limit: value, source };
}

function said({ seconds, basis }: Duration): string {
  return `${Math.round(seconds * 1000)} ms (${basis})`;
}
