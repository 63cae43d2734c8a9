import { setTimeout as delay } from 'node:timers/promises';
import { DisableRuleCommand, EnableRuleCommand, ListRuleNamesByTargetCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Random } from '@outbox/testing';
import type { Consumer, Stack } from '../support/stack';
import type { CallFaults } from './call-faults';
import type { AwsClients } from './clients';
import type { DisturbanceKind } from './fault-plan';
import type { CrashingCloud } from './local-cloud';
import type { Pacer } from './pacer';
import type { PartnerRates, Partners } from './partners';
import { startPipe, stopPipe } from './pipe';
import type { Progress } from './progress';
import { Queues } from './queues';
import type { RuleGap } from './rule-gaps';
import { waitFor } from './wait';

export interface DisturbanceTools {
  readonly stack: Stack;
  readonly clients: AwsClients;
  readonly cloud: CrashingCloud;
  readonly callFaults: CallFaults;
  readonly pacer: Pacer;
  readonly progress: Progress;
  readonly random: Random;
  /** Where a carrier and a mail provider stand beside the stack. */
  readonly partners?: Partners | undefined;
}

/** A stream keeps its records for 24 hours. */
const PAST_THE_STREAM_MS = 25 * 3_600_000;
/** Without faults, whatever runs is done by then. */
const CALM_MS = 3_000;
/** Orders that are written while nobody reads the stream. */
const LEAST_TRIMMED = 12;
const LONGEST_WAIT_MS = 8_000;
const DRAIN_MS = 180_000;
/** Four of these at most come together: a request out of five gets through. */
const MOST_PARTNER_RATE = 0.2;
const MOST_SEED = 1_000_000;

/** What the harness does to the stack while clients are at work, by the means of an operator, one at a time. */
export class Disturbances {
  readonly #counts = new Map<string, number>();
  readonly #gaps: RuleGap[] = [];

  constructor(private readonly tools: DisturbanceTools) {}

  /** How often each was done; for the trimmed stream, how many orders were written while nobody read it. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  gaps(): readonly RuleGap[] {
    return this.#gaps;
  }

  async run(kind: DisturbanceKind): Promise<void> {
    const times = await this.#acts[kind]();
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + times);
  }

  readonly #acts: Readonly<Record<DisturbanceKind, () => Promise<number>>> = {
    'pipe-stopped': async () => {
      const { clients, stack } = this.tools;
      await stopPipe(clients.pipes, stack.pipe_name);
      await this.#someOrders();
      await startPipe(clients.pipes, stack.pipe_name);
      return 1;
    },
    'stream-trimmed': async () => {
      const { stack, clients, cloud, callFaults, pacer, progress } = this.tools;
      await stopPipe(clients.pipes, stack.pipe_name);
      const written = await progress.more(Math.max(LEAST_TRIMMED, progress.total / 100), 4 * LONGEST_WAIT_MS);
      // A function keeps the time it started with: nothing may be at work when the time jumps.
      pacer.hold();
      try {
        await callFaults.stop();
        try {
          const queues = new Queues(clients.sqs, stack);
          await waitFor('consumers receive what there is', async () => (await queues.backlog()).ready === 0, DRAIN_MS);
          await delay(CALM_MS);
          await cloud.advance(PAST_THE_STREAM_MS);
        } finally {
          await callFaults.start();
        }
        await startPipe(clients.pipes, stack.pipe_name);
      } finally {
        pacer.release();
      }
      return written;
    },
    'rule-missing': async () => {
      const { stack, clients, cloud, random } = this.tools;
      const [name, consumer] = random.pick(Object.entries(stack.consumers));
      const rule = { Name: await this.#ruleOf(consumer), EventBusName: stack.event_bus_name };
      const from = await cloud.now();
      await clients.events.send(new DisableRuleCommand(rule));
      await this.#someOrders();
      await clients.events.send(new EnableRuleCommand(rule));
      this.#gaps.push({ consumer: name, rule: rule.Name, from, to: await cloud.now() });
      return 1;
    },
    'engine-killed': async () => {
      const { cloud, callFaults } = this.tools;
      await callFaults.note();
      await cloud.crash();
      await callFaults.start();
      return 1;
    },
    'partners-faulty': async () => {
      const { partners, random } = this.tools;
      if (partners === undefined) return 0;
      await partners.startFaults(random.int(0, MOST_SEED), this.#partnerRates(), this.#partnerRates());
      try {
        await this.#someOrders();
      } finally {
        await partners.stopFaults();
      }
      return 1;
    },
  };

  #partnerRates(): PartnerRates {
    const rate = (): number => this.tools.random.next() * MOST_PARTNER_RATE;
    return { throttle: rate(), 'server-error': rate(), slow: rate(), 'lost-answer': rate() };
  }

  #someOrders(): Promise<number> {
    const { progress, random } = this.tools;
    return progress.more(random.int(3, 25), LONGEST_WAIT_MS);
  }

  async #ruleOf(consumer: Consumer): Promise<string> {
    const { clients, stack } = this.tools;
    const { Attributes } = await clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: consumer.queue_url, AttributeNames: ['QueueArn'] }),
    );
    const { RuleNames } = await clients.events.send(
      new ListRuleNamesByTargetCommand({
        TargetArn: Attributes?.QueueArn ?? '',
        EventBusName: stack.event_bus_name,
      }),
    );
    const [name] = RuleNames ?? [];
    if (name === undefined) throw new Error(`no rule feeds ${consumer.queue_url}`);
    return name;
  }
}
