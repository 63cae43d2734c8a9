import type { SQSClient } from '@aws-sdk/client-sqs';
import { formatUuid, marshalPlain, type Logger, type Metrics, type Tracer } from '@outbox/function-kit';
import {
  readRecordedEffect,
  readRecordId,
  type Consumer,
  type ConsumerPorts,
  type EffectFields,
} from '@outbox/inbox-dynamodb';
import type { EventEnvelope } from '@outbox/outbox-envelope';
import { createMemoryOutbox, OUTBOX_TABLE, type MemoryOutbox } from '@outbox/outbox-testing';
import { Requests, type CrashPoint } from './crash';
import { MemoryQueue, type DeadLetter } from './memory-queue';
import { seededRandom } from './random';

/** What goes wrong on the way to a consumer: nothing, unless told. The same options give the same run. */
export interface DeliverOptions {
  /**
   * Where the consumer's table lies, what it writes and what it emits; an empty one if not given. Pass the same again to
   * go on where the last `deliver` ended.
   */
  readonly outbox?: MemoryOutbox;
  /** Every event comes twice. */
  readonly duplicate?: boolean;
  /** The events, and their copies, come shuffled. */
  readonly reorder?: boolean;
  /** Other versions of the consumer that take its place while the events come, the first one first. */
  readonly deploy?: readonly Deployment[];
  /** Where the consumer's process dies, once. */
  readonly crashAt?: CrashPoint;
  /** Chooses the order, the ids and the waits; 1 if not given. */
  readonly seed?: number;
  /** What the stack would put into the function's environment beside what every consumer gets. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Milliseconds an invocation may take, as the function's timeout says; 30,000 if not given. */
  readonly invocationMs?: number;
  /** Gets the consumer's spans. */
  readonly tracer?: Tracer;
}

/** Another version of a consumer, of the same name and policy. */
export interface Deployment {
  readonly consumer: Consumer;
  /** Seconds from the beginning of the run. */
  readonly afterSeconds: number;
}

/** What came of a delivery. */
export interface Delivered {
  /** The events that the consumer has completed, with the fields it keeps; under `latest` the newest of each aggregate. */
  readonly completed: readonly { readonly eventId: string; readonly effect: EffectFields }[];
  /** What it emitted in this run, in the order of the commits. */
  readonly emitted: readonly EventEnvelope[];
  readonly deadLetters: readonly DeadLetter[];
  /** Requests to DynamoDB and SQS in this run: `crashAt` may be any of 1 to this. */
  readonly requests: number;
}

/** Messages that come again and again; the message names them. */
export class NotSettledError extends Error {
  override readonly name = 'NotSettledError';
}

/** Milliseconds of an invocation. */
const DEFAULT_INVOCATION_MS = 30_000;
const MAX_RECEIVES = 500;
/** What a consumer is told when neither its stack nor the spec says otherwise. */
const VARIABLES = {
  INBOX_RETENTION_DAYS: '45',
  LAG_OBJECTIVE_SECONDS: '60',
  IN_ORDER_START: 'beginning',
  PARK_BUDGET_SECONDS: '3600',
  QUEUE_URL: 'queue',
  DLQ_URL: 'dead-letter-queue',
};

/**
 * Delivers events to a consumer as SQS may, until each is completed, passed over or a dead letter. Time is made up: a
 * message that waits takes none.
 * @throws NotSettledError if some never are; RangeError if `crashAt` is no request of the run
 */
export async function deliver(
  consumer: Consumer,
  events: readonly EventEnvelope[],
  {
    outbox = createMemoryOutbox(),
    duplicate,
    reorder,
    deploy = [],
    crashAt,
    seed = 1,
    variables = {},
    invocationMs = DEFAULT_INVOCATION_MS,
    tracer,
  }: DeliverOptions = {},
): Promise<Delivered> {
  const { name, policy } = consumer.definition;
  const { client, addTable } = outbox.memory;
  const table = `${name}-inbox`;
  addTable(table, ['pk', 'sk']);

  const run = (runs.get(outbox) ?? 0) + 1;
  runs.set(outbox, run);
  const random = seededRandom(seed);
  const copies = duplicate ? [...events, ...events] : events;
  let now = Math.max(0, ...events.map(({ time }) => Date.parse(time))) + 1_000;
  const startedAt = now;
  const queue = new MemoryQueue(reorder ? random.shuffle(copies) : copies, now, run);
  const requests = new Requests(crashAt);
  const sqs = queue.client(() => now);
  let lastError: unknown;
  const known = new Set(outbox.events().map(({ id }) => id));

  const middleware = 'deliver';
  client.middlewareStack.add((next) => (args) => requests.send(() => next(args)), {
    step: 'initialize',
    name: middleware,
  });
  try {
    const ports: ConsumerPorts = {
      variables: {
        ...VARIABLES,
        CONSUMER_NAME: name,
        CONSUMER_POLICY: policy,
        CONSUMER_TABLE_NAME: table,
        OUTBOX_TABLE_NAME: OUTBOX_TABLE,
        ...variables,
      },
      dynamodb: client,
      sqs: { send: (command: never) => requests.send(() => sqs.send(command)) } as SQSClient,
      outbox,
      clock: { now: () => now },
      ids: { next: () => formatUuid(random.bytes(16), 7) },
      retry: { random: random.next, sleep: (ms) => Promise.resolve(void (now += ms)) },
      logger: { ...SILENT, error: (_message, fields = {}) => void (lastError = fields['error']) },
      metrics: UNCOUNTED,
      tracer,
    };
    const first = consumer.using(ports);
    const deployed = deploy.map((next) => ({ ...next, handle: next.consumer.using(ports) }));
    const live = () =>
      deployed.findLast(({ afterSeconds }) => now - startedAt >= afterSeconds * 1_000)?.handle ?? first;
    for (let at = queue.nextAt(); at !== undefined; at = queue.nextAt()) {
      if (queue.mostReceives() === MAX_RECEIVES) {
        const waiting = queue.waiting().slice(0, 5).join(', ');
        throw new NotSettledError(`${name} doesn't settle ${waiting}`, { cause: lastError });
      }
      now = Math.max(now, at);
      const records = queue.receive(now);
      const endsAt = now + invocationMs;
      const { batchItemFailures } = await live()(
        { Records: [...records] },
        { getRemainingTimeInMillis: () => endsAt - now },
      );
      const settled = new Set(records.map(({ messageId }) => messageId));
      for (const { itemIdentifier } of batchItemFailures) settled.delete(itemIdentifier);
      // A process that died answers nothing, so SQS forgets nothing.
      if (!requests.isDead) queue.delete(settled);
      requests.revive();
    }
  } finally {
    client.middlewareStack.remove(middleware);
  }
  if (crashAt !== undefined && !requests.hasCrashed) {
    throw new RangeError(`crashAt: ${JSON.stringify(crashAt)} is no request of this run, which made ${requests.count}`);
  }
  const items = outbox.memory.items(table).map(marshalPlain);
  return {
    completed: items.flatMap((item) => {
      const effect = readRecordedEffect(item);
      return effect ? [{ eventId: readRecordId(table, item).eventId, effect }] : [];
    }),
    emitted: outbox.events().filter(({ id }) => !known.has(id)),
    deadLetters: queue.deadLetters,
    requests: requests.count,
  };
}

/** Runs so far over an outbox. */
const runs = new WeakMap<MemoryOutbox, number>();

const ignore = (): undefined => undefined;
const SILENT: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const UNCOUNTED: Metrics = { count: ignore, milliseconds: ignore, percent: ignore, flush: ignore };
