import { costOf, type Meter } from './prices';

/** What a unit is paid for: what a path without guarantees pays too, or one of the guarantees. */
export const GUARANTEES = [
  'none',
  'committed together',
  'published in the end',
  'one effect per event',
  'in order',
  'replay',
] as const;

export type Guarantee = (typeof GUARANTEES)[number];

/** What of one meter an event consumes at one place of its way. */
export interface EventUnits {
  /** The part of the bill. */
  readonly part: string;
  readonly guarantee: Guarantee;
  readonly meter: Meter;
  readonly units: number;
}

/** The way of an event: from the request over pipe, bus and queues to its consumers. */
export interface EventPath {
  readonly consumers: number;
  /** How many of them keep the order of an aggregate. */
  readonly inOrder?: number;
  /** Messages that an invocation gets: 1 when events come one by one, 10 under load or with a batching window. */
  readonly batch?: number;
  /** Of the event's item in the outbox, and of the state that is written with it. */
  readonly eventKilobytes?: number;
  readonly stateKilobytes?: number;
  /** Requests for each event: below 1 where consumers emit events, too. */
  readonly requests?: number;
  /** Share of traces whose lines below WARN are written, as `log_sample_rate` says; left out: 1. */
  readonly logSampleRate?: number;
  /** Whether the functions on the way write metrics, as `custom_metrics = "all"` says; left out: they do. */
  readonly metrics?: boolean;
}

export const API = 'API and its function';
export const STATE = 'State table';
export const OUTBOX = 'Outbox table';
export const PIPE = 'Pipe and relay';
export const BUS = 'Event bus and archive';
export const QUEUES = 'Queues';
export const CONSUMERS = 'Consumers and acknowledger, their tables';
export const LOGS = 'Logs';

/**
 * Write and read units of one event's items of up to 1 KB each; a transaction doubles its writes. Specs beside the stores
 * (`units.spec.ts`) count them against the local cloud's tables, and fail when there are more.
 */
export const ITEM_UNITS = {
  state: 1,
  event: 1,
  head: 1,
  index: 1,
  /** The record of an event; with `in-order` its transaction holds the head of the aggregate too. */
  record: 1,
  inOrderWrites: 4,
  inOrderReads: 1,
} as const;

const KILOBYTES_PER_GIGABYTE = 1_000_000;
/** Of functions, as the modules set it. */
export const MEMORY_GB = 0.25;
/** How long a function works: for the call, and for each message in it. */
const CALL_SECONDS = 0.01;
const MESSAGE_SECONDS = 0.02;

/** Seconds that a function is taken to work for a batch of so many messages. */
export function batchSeconds(messages: number): number {
  return CALL_SECONDS + messages * MESSAGE_SECONDS;
}

const API_SECONDS = 0.05;
/**
 * What is logged, in KB: Lambda's own three lines of a call, the line with its metrics, a consumer's line of a message, and
 * the API's line of a request. `event-requests.local.spec.ts` in apps/e2e counts them.
 */
const LOG_KB = { call: 0.26, metrics: 0.34, message: 0.48, request: 0.28 } as const;

/** All that one event consumes on its way, place by place. */
export function eventUnits(path: EventPath): readonly EventUnits[] {
  const { consumers, inOrder = 0, batch = 1, eventKilobytes = 2, stateKilobytes = 1, requests = 1 } = path;
  const { logSampleRate = 1, metrics = true } = path;
  const [event, state] = [Math.ceil(eventKilobytes), Math.ceil(stateKilobytes)];
  const messageSeconds = batchSeconds(batch) / batch;
  const callLog = LOG_KB.call + (metrics ? LOG_KB.metrics : 0);
  const logged = (kilobytes: number) => kilobytes / KILOBYTES_PER_GIGABYTE;
  const u = (part: string, guarantee: Guarantee, meter: Meter, units: number): EventUnits => ({
    part,
    guarantee,
    meter,
    units,
  });
  return [
    u(API, 'none', 'httpApiRequest', requests),
    u(API, 'committed together', 'lambdaRequest', requests),
    u(API, 'committed together', 'lambdaGigabyteSecond', requests * API_SECONDS * MEMORY_GB),
    u(STATE, 'none', 'dynamodbWrite', state * ITEM_UNITS.state),
    u(STATE, 'committed together', 'dynamodbWrite', state * ITEM_UNITS.state),
    u(OUTBOX, 'committed together', 'dynamodbWrite', 2 * event * ITEM_UNITS.event),
    u(OUTBOX, 'in order', 'dynamodbWrite', 2 * ITEM_UNITS.head),
    // Into the index with the event, and out of it with the acknowledgement.
    u(OUTBOX, 'published in the end', 'dynamodbWrite', 2 * ITEM_UNITS.index),
    u(OUTBOX, 'published in the end', 'dynamodbWrite', event * ITEM_UNITS.event + ITEM_UNITS.index),
    u(PIPE, 'none', 'pipeRequest', 1),
    u(PIPE, 'committed together', 'lambdaRequest', 1 / batch),
    u(PIPE, 'committed together', 'lambdaGigabyteSecond', (CALL_SECONDS / batch) * MEMORY_GB),
    u(BUS, 'none', 'busEvent', 1),
    u(BUS, 'replay', 'archivedGigabyte', eventKilobytes / KILOBYTES_PER_GIGABYTE),
    // To send, and for each batch to receive and to delete.
    u(QUEUES, 'none', 'sqsRequest', consumers * (1 + 2 / batch)),
    u(QUEUES, 'published in the end', 'sqsRequest', 1 + 2 / batch),
    u(CONSUMERS, 'none', 'lambdaRequest', consumers / batch),
    u(CONSUMERS, 'none', 'lambdaGigabyteSecond', consumers * messageSeconds * MEMORY_GB),
    u(CONSUMERS, 'published in the end', 'lambdaRequest', 1 / batch),
    u(CONSUMERS, 'published in the end', 'lambdaGigabyteSecond', messageSeconds * MEMORY_GB),
    u(CONSUMERS, 'one effect per event', 'dynamodbWrite', consumers * ITEM_UNITS.record),
    u(CONSUMERS, 'in order', 'dynamodbWrite', inOrder * (ITEM_UNITS.inOrderWrites - ITEM_UNITS.record)),
    u(CONSUMERS, 'in order', 'dynamodbRead', inOrder * ITEM_UNITS.inOrderReads),
    u(LOGS, 'none', 'loggedGigabyte', logged(requests * LOG_KB.request)),
    u(LOGS, 'none', 'loggedGigabyte', logged(consumers * (callLog / batch + logSampleRate * LOG_KB.message))),
    u(LOGS, 'committed together', 'loggedGigabyte', logged(requests * callLog + callLog / batch)),
    u(LOGS, 'published in the end', 'loggedGigabyte', logged(callLog / batch)),
  ];
}

/**
 * The same work without any guarantee, as AWS's sample of the pattern does it: a REST API that puts the state into its
 * table by itself, pipe, bus, and a queue with a function per consumer. They log as much as here.
 */
export function plainUnits(path: EventPath): readonly EventUnits[] {
  return eventUnits(path)
    .filter(({ guarantee }) => guarantee === 'none')
    .map((each) => (each.meter === 'httpApiRequest' ? { ...each, meter: 'restApiRequest' } : each));
}

/** What so many events of these units cost, US dollars. */
export function eventsCost(units: readonly EventUnits[], events: number): number {
  return units.reduce((total, { meter, units: each }) => total + costOf(meter, each * events), 0);
}

/** What a million of them cost by one of their properties, the dearest first. */
export function millionBy<Property extends 'part' | 'guarantee' | 'meter'>(
  units: readonly EventUnits[],
  property: Property,
): readonly { readonly name: EventUnits[Property]; readonly usd: number }[] {
  const names = [...new Set(units.map((each) => each[property]))];
  return names
    .map((name) => ({
      name,
      usd: eventsCost(
        units.filter((each) => each[property] === name),
        1_000_000,
      ),
    }))
    .filter(({ usd }) => usd > 0)
    .sort((a, b) => b.usd - a.usd);
}
