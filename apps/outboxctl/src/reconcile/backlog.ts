import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { oldestMessageAges } from '../lag/oldest-message';
import { queueDepth } from '../queue';
import { isOver, listReplays, type Replay } from '../replay/replay';
import { consumerOf, type Stack } from '../stack';

export interface BacklogClients {
  readonly sqs: () => SQSClient;
  readonly cloudwatch: () => CloudWatchClient;
  readonly eventbridge: () => EventBridgeClient;
}

/** CloudWatch tells a queue's age a minute or two late. */
const FIGURE_DELAY_MS = 120_000;

/** Shortest `outbox_retention_days` that Terraform takes: what retention took came to the bus before that. */
const SHORTEST_RETENTION_MS = 2 * 86_400_000;

/**
 * When an event came to the bus, ISO-8601: as its item has it, or not before a time, where retention took the item.
 * Undefined: nobody knows.
 */
export type Arrival = { readonly publishedAt: string | undefined } | { readonly notBefore: string | undefined };

/** What waits in a consumer's queue, and which events that can be. */
interface Waiting {
  /** Messages that nobody has received; each finding that they explain takes one. */
  left: number;
  /** Events that came to the bus since then may be among them; epoch milliseconds. */
  readonly since: number;
  /** Replays that may have put older ones there. */
  readonly replays: readonly Replay[];
}

/**
 * Whether events may still lie in the queues of consumers. SQS doesn't tell what a queue holds, only how many messages
 * wait and how old the oldest is; so no more events are taken for queued than messages wait, and only those that came to
 * the bus, or were replayed, since the oldest of them did.
 */
export class Backlog {
  readonly #waiting = new Map<string, Promise<Waiting>>();

  constructor(
    private readonly clients: BacklogClients,
    private readonly stack: Stack,
    /** Epoch milliseconds. */
    private readonly now: number,
  ) {}

  /**
   * Takes one message of the consumer's queue to be the event that came to the bus then. False when none is left that it
   * could be. A queue is asked about when the first of its events is missing.
   */
  async explains(consumer: string, arrival: Arrival): Promise<boolean> {
    const asked = this.#waiting.get(consumer) ?? this.#load(consumer);
    this.#waiting.set(consumer, asked);
    const waiting = await asked;
    const span = this.#spanOf(arrival);
    if (waiting.left === 0 || !span) return false;
    const isQueued = span.last >= waiting.since || waiting.replays.some((replay) => covers(replay, span));
    if (isQueued) waiting.left -= 1;
    return isQueued;
  }

  #spanOf(arrival: Arrival): Span | undefined {
    if ('notBefore' in arrival) {
      const { notBefore } = arrival;
      const first = notBefore === undefined ? -Infinity : Date.parse(notBefore);
      return { first, last: this.now - SHORTEST_RETENTION_MS };
    }
    if (arrival.publishedAt === undefined) return undefined;
    const time = Date.parse(arrival.publishedAt);
    return { first: time, last: time };
  }

  async #load(consumer: string): Promise<Waiting> {
    const { queue_url } = consumerOf(this.stack, consumer);
    const { waiting: left } = await queueDepth(this.clients.sqs(), queue_url);
    if (left === 0) return { left, since: Infinity, replays: [] };
    const [age] = await oldestMessageAges(this.clients.cloudwatch(), queue_url, this.now);
    const since = this.now - (age ?? 0) * 1_000 - FIGURE_DELAY_MS;
    const replays = await listReplays(this.clients.eventbridge(), this.stack);
    return { left, since, replays: replays.filter((replay) => !isOver(replay) || endOf(replay) >= since) };
  }
}

/** The first and the last time at which an event can have come to the bus; epoch milliseconds. */
interface Span {
  readonly first: number;
  readonly last: number;
}

function covers({ from, to }: Replay, { first, last }: Span): boolean {
  // An event is acknowledged a little after it came to the bus, by which time a replay goes.
  return last >= Date.parse(from) && first < Date.parse(to) + FIGURE_DELAY_MS;
}

function endOf({ endedAt }: Replay): number {
  return endedAt === undefined ? Infinity : Date.parse(endedAt);
}
