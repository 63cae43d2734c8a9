import type { Engine } from '@outbox/local-cloud-kernel';
import type { Deliverer } from './delivery';
import { envelope, type BusEvent } from './event';
import type { EventStore } from './event-store';
import type { BusAddress } from './names';
import { recordRuleMetric } from './rule-metrics';

/** Takes accepted events through a bus: into its archives and to the targets of the rules they match. */
export class Router {
  constructor(
    private readonly store: EventStore,
    private readonly deliverer: Deliverer,
    private readonly engine: Pick<Engine, 'metrics'>,
  ) {}

  /** `onlyRules` narrows a replay to some rules. Replayed events are not archived again. */
  route(bus: BusAddress, event: BusEvent, onlyRules?: readonly string[]): void {
    const value = envelope(event);
    if (event.replayName === undefined) {
      for (const archive of this.store.archivesOf(bus.arn)) {
        if (archive.pattern !== undefined && !this.store.pattern(archive.pattern).matches(value)) continue;
        this.store.archive(archive, event);
      }
    }
    for (const kept of this.store.rulesOf(bus)) {
      const rule = this.store.settled(kept);
      if (!rule?.enabled || rule.pattern === undefined || (onlyRules && !onlyRules.includes(rule.arn))) continue;
      if (!this.store.pattern(rule.pattern).matches(value)) continue;
      recordRuleMetric(this.engine, rule, 'MatchedEvents');
      recordRuleMetric(this.engine, rule, 'TriggeredRules');
      this.deliverer.accept(rule, event);
    }
  }
}
