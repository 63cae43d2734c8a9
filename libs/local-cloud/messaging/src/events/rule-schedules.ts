import type { Engine, Table } from '@outbox/local-cloud-kernel';
import { parseSchedule } from '../schedule-expression/schedule-expression';
import type { Deliverer } from './delivery';
import type { EventStore, StoredRule } from './event-store';

/** When a rule's next event is due by which expression; instants in epoch milliseconds. */
interface Beat {
  readonly expression: string;
  readonly dueAt: number;
}

/**
 * Scheduled rules: at each of its times a rule's targets get a `Scheduled Event` of `aws.events`. A rate begins when the
 * rule is created, cron goes by UTC (EventBridge guide, "Creating a scheduled rule").
 */
export class RuleSchedules {
  readonly #beats: Table<Beat>;
  readonly #timers = new Map<string, () => void>();

  constructor(
    private readonly store: EventStore,
    private readonly deliverer: Deliverer,
    private readonly engine: Pick<Engine, 'store' | 'clock' | 'ids'>,
  ) {
    this.#beats = engine.store.table('events.beats');
  }

  /** Follows every scheduled rule an earlier run left. */
  resume(): void {
    for (const rule of [...this.store.rules.values()]) this.follow(rule.arn);
  }

  stop(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  /** Sets, moves or drops the timer of a rule that may have changed. */
  follow(ruleArn: string): void {
    this.#timers.get(ruleArn)?.();
    this.#timers.delete(ruleArn);
    const rule = this.store.rules.get(ruleArn);
    if (!rule?.enabled || rule.schedule === undefined) {
      this.#beats.delete(ruleArn);
      return;
    }
    const known = this.#beats.get(ruleArn);
    this.#await(rule, known?.expression === rule.schedule ? known.dueAt : this.#next(rule.schedule));
  }

  #await(rule: StoredRule, dueAt: number | undefined): void {
    if (rule.schedule === undefined || dueAt === undefined) return;
    this.#beats.set(rule.arn, { expression: rule.schedule, dueAt });
    const wait = dueAt - this.engine.clock.now();
    this.#timers.set(
      rule.arn,
      this.engine.clock.after(wait, () => this.#due(rule.arn, dueAt)),
    );
  }

  /** After a jump of the clock one event stands for all that were missed. */
  #due(ruleArn: string, dueAt: number): void {
    const rule = this.store.rules.get(ruleArn);
    if (rule?.schedule === undefined) return;
    this.#await(rule, this.#next(rule.schedule, dueAt));
    const settled = this.store.settled(rule);
    if (!settled?.enabled) return;
    this.deliverer.accept(settled, {
      id: this.engine.ids.uuid(),
      detailType: 'Scheduled Event',
      source: 'aws.events',
      account: rule.bus.accountId,
      time: this.engine.clock.now(),
      region: rule.bus.region,
      resources: [rule.arn],
      detail: '{}',
    });
  }

  #next(expression: string, previous?: number): number | undefined {
    const parsed = parseSchedule(expression);
    const now = this.engine.clock.now();
    if (parsed?.kind === 'cron') return parsed.cron.after(now, 'UTC');
    if (parsed?.kind !== 'rate') return undefined;
    const start = previous ?? now;
    return start + (Math.floor((now - start) / parsed.periodMs) + 1) * parsed.periodMs;
  }
}
