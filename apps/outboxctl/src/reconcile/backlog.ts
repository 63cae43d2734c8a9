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
    if (waiting.left === 0) return false;
    const isQueued = mayHold(waiting, arrival);
    if (isQueued) waiting.left -= 1;
    return isQueued;
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

/** A queue keeps messages for four days, the outbox an event for seven: what it no longer has comes by a replay. */
function mayHold({ since, replays }: Waiting, arrival: Arrival): boolean {
  if ('notBefore' in arrival) {
    const first = arrival.notBefore === undefined ? -Infinity : Date.parse(arrival.notBefore);
    return replays.some(({ to }) => first < Date.parse(to) + FIGURE_DELAY_MS);
  }
  if (arrival.publishedAt === undefined) return false;
  const time = Date.parse(arrival.publishedAt);
  return time >= since || replays.some((replay) => covers(replay, time));
}

function covers({ from, to }: Replay, time: number): boolean {
  // An event is acknowledged a little after it came to the bus, by which time a replay goes.
  return time >= Date.parse(from) && time < Date.parse(to) + FIGURE_DELAY_MS;
}

function endOf({ endedAt }: Replay): number {
  return endedAt === undefined ? Infinity : Date.parse(endedAt);
}
