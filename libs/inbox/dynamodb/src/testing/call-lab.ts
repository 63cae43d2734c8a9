import { type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Ids, Logger, Receipt } from '@outbox/function-kit';
import type { Policy } from '@outbox/inbox-rules';
import type { ConsumedEvent } from '../event';
import { createInbox, type Settled } from '../inbox';
import type { Intake } from '../intake';
import type { CallContext, Completion, CompletionTools, Work } from '../work';
import { echo, intakeOf, NOW, outboxOf, rowsOf, thingEvent } from './lab';

/** Where something can go wrong: a call of DynamoDB, or of the outside world. `count` is its number in the run, from 1. */
export type Disturb = (count: number, what: string, perform: () => Promise<unknown>) => Promise<unknown>;

/** What a spec may change. */
export interface CallLabOptions {
  readonly dynamodb: DynamoDBClient;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly policy?: Policy;
  readonly form?: 'call' | 'complete';
  readonly maxAttempts?: number;
  readonly call?: (event: ConsumedEvent, context: CallContext) => unknown;
  readonly lookup?: (event: ConsumedEvent, context: CallContext) => unknown;
  readonly complete?: (event: ConsumedEvent, tools: CompletionTools) => Completion | Promise<Completion>;
}

/** Milliseconds of an invocation. */
export const INVOCATION_MS = 30_000;

export const IN_ORDER: Policy = { kind: 'in-order', start: 'beginning', parkBudgetSeconds: 60 };

/** The tables of all labs. */
export const TABLES = { inbox: 'inbox', outbox: 'outbox', state: 'state' } as const;

/**
 * A consumer that books something outside, counts it in a table of its own and emits an event of an aggregate that
 * others change too; with a clock that only the spec moves.
 */
export class CallLab {
  now = NOW;
  /** Keys that the outside world was given, in order. */
  readonly keys: string[] = [];
  readonly calls: string[] = [];
  readonly policy: Policy;
  readonly #options: CallLabOptions;

  constructor(
    readonly id: string,
    options: CallLabOptions,
  ) {
    this.#options = options;
    this.policy = options.policy ?? { kind: 'once' };
  }

  /** One delivery of a version by an invocation of its own. */
  async deliver(
    version = 1,
    disturb: Disturb = (_count, _what, perform) => perform(),
    delivery: Delivery = {},
  ): Promise<Settled> {
    let count = 0;
    const io = (what: string, perform: () => Promise<unknown>) => disturb((count += 1), what, perform);
    const { dynamodb, ids, logger, maxAttempts = 20 } = this.#options;
    let leftMs = delivery.leftMs ?? INVOCATION_MS;
    const disturbed = {
      send: (command: object) => io(command.constructor.name, () => dynamodb.send(command as never)),
    } as unknown as DynamoDBClient;
    const inbox = createInbox<ConsumedEvent>({
      name: 'spec',
      tableName: TABLES.inbox,
      dynamodb: disturbed,
      outbox: outboxOf(disturbed, TABLES.outbox),
      policy: this.policy,
      work: this.#work(io),
      retentionDays: 45,
      maxAttempts,
      clock: { now: () => this.now },
      ids,
      logger,
      retry: { random: () => 0, sleep: () => Promise.resolve(void (leftMs -= 100)) },
    });
    return inbox.settle(intakeOf(thingEvent(this.id, version), delivery.message, delivery.receipt), () => leftMs);
  }

  #work(io: (what: string, perform: () => Promise<unknown>) => Promise<unknown>): Work<ConsumedEvent> {
    const { form = 'call', call, lookup, complete = (event, tools) => this.complete(event, tools) } = this.#options;
    if (form === 'complete')
      return { kind: 'plain', isPure: false, finish: (event) => (tools) => complete(event, tools) };
    const finish = (event: ConsumedEvent) => (tools: CompletionTools) => complete(event, tools);
    return {
      kind: 'call',
      timeoutMs: 5_000,
      call: async (event, context) => {
        await io('call', async () => {
          this.keys.push(context.key);
          this.calls.push(event.id);
          await call?.(event, context);
        });
        return finish(event);
      },
      ...(lookup
        ? {
            lookup: async (event, context) =>
              (await lookup(event, context)) === undefined ? undefined : finish(event),
          }
        : {}),
    };
  }

  /** Counts the event in the state table, and tells it as an event of the echo that is called as the thing. */
  async complete(event: ConsumedEvent, { lastSequence }: CompletionTools): Promise<Completion> {
    const key = { pk: this.id, sk: 'COUNT' };
    const after = await lastSequence(echo, this.id);
    return {
      record: { madeOf: event.id },
      write: [{ update: { table: TABLES.state, key, update: 'ADD amount :one', values: { ':one': 1 } } }],
      emit: [
        { aggregate: echo, id: this.id, after, events: [echo.Heard({ of: event.id }), echo.Heard({ of: event.id })] },
      ],
    };
  }

  /** What the consumer's table holds of the thing. */
  rows() {
    return rowsOf(this.#options.dynamodb, TABLES.inbox, `s#thing#${this.id}`);
  }

  async pending(): Promise<Record<string, unknown> | undefined> {
    const found = (await this.rows()).find((row) => row['pending'] !== undefined);
    return found?.['pending'] as Record<string, unknown> | undefined;
  }

  async emitted(): Promise<unknown[]> {
    const rows = await rowsOf(this.#options.dynamodb, TABLES.outbox, `echo#${this.id}`);
    return rows.filter(({ sk }) => sk !== 'HEAD').map(({ id }) => id);
  }

  /** How often the thing was counted. */
  async counted(): Promise<unknown> {
    const [row] = await rowsOf(this.#options.dynamodb, TABLES.state, this.id);
    return row?.['amount'] ?? 0;
  }
}

/** What is special about a delivery. */
export interface Delivery {
  readonly message?: Partial<Intake<ConsumedEvent>['message']>;
  readonly receipt?: Partial<Receipt>;
  readonly leftMs?: number;
}
