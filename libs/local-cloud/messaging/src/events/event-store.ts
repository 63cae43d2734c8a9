import type { Target } from '@aws-sdk/client-eventbridge';
import { Settings, type Engine, type Table, type Tags } from '@outbox/local-cloud-kernel';
import { compilePattern, type EventPattern } from '@outbox/local-cloud-pattern';
import type { BusKey } from './bus-keys';
import { busNotFound, ruleNotFound } from './errors';
import type { BusEvent } from './event';
import { DEFAULT_BUS, type BusAddress } from './names';
import { RULE_DELAY } from './rule-delay';

const MINUTE_MS = 60_000;

/** Times are epoch milliseconds throughout. */
export interface StoredBus extends BusAddress {
  readonly description?: string;
  readonly policy?: string;
  readonly key?: BusKey;
  readonly tags: Tags;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface StoredRule {
  readonly arn: string;
  readonly name: string;
  readonly bus: BusAddress;
  /** One of these two at least. */
  readonly pattern?: string;
  readonly schedule?: string;
  readonly enabled: boolean;
  readonly description?: string;
  readonly createdBy: string;
  readonly tags: Tags;
  readonly targets: readonly Target[];
  /** When pattern, state or targets changed last, and what counted until then; nothing, for a new rule. */
  readonly changedAt?: number;
  readonly before?: Pick<StoredRule, 'pattern' | 'enabled' | 'targets'>;
}

export interface StoredArchive {
  readonly arn: string;
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly busArn: string;
  readonly description?: string;
  readonly pattern?: string;
  /** 0 keeps events for ever. */
  readonly retentionDays: number;
  readonly key?: BusKey;
  readonly createdAt: number;
}

export interface ArchivedEvent {
  readonly event: BusEvent;
  readonly archivedAt: number;
}

/** Buses, rules with their targets, archives: EventBridge's own state. */
export class EventStore {
  readonly buses: Table<StoredBus>;
  readonly rules: Table<StoredRule>;
  readonly archives: Table<StoredArchive>;
  readonly #patterns = new Map<string, EventPattern>();
  /** When each archive was looked through for what is past its retention. */
  readonly #lookedAt = new Map<string, number>();

  readonly #settings: Settings;

  constructor(private readonly engine: Pick<Engine, 'store' | 'clock'>) {
    this.#settings = new Settings(engine.store);
    this.buses = engine.store.table('events.buses');
    this.rules = engine.store.table('events.rules');
    this.archives = engine.store.table('events.archives');
  }

  /** The bus, or undefined. Every account has a default bus in every region, made when it is first asked for. */
  findBus(address: BusAddress): StoredBus | undefined {
    const bus = this.buses.get(address.arn);
    if (bus || address.name !== DEFAULT_BUS) return bus;
    const now = this.engine.clock.now();
    const made: StoredBus = { ...address, tags: {}, createdAt: now, modifiedAt: now };
    this.buses.set(made.arn, made);
    return made;
  }

  /** @throws AwsError ResourceNotFoundException */
  bus(address: BusAddress): StoredBus {
    const bus = this.findBus(address);
    if (!bus) throw busNotFound(address.name);
    return bus;
  }

  /** @throws AwsError ResourceNotFoundException */
  rule(arn: string, name: string, bus: BusAddress): StoredRule {
    const rule = this.rules.get(arn);
    if (!rule) throw ruleNotFound(name, bus.name);
    return rule;
  }

  /** Keeps a rule whose pattern, state or targets changed; where a delay is set, the change counts after it. */
  change(rule: StoredRule): void {
    const known = this.rules.get(rule.arn);
    const before = known && this.settled(known);
    const kept = before && { pattern: before.pattern, enabled: before.enabled, targets: before.targets };
    this.rules.set(rule.arn, { ...rule, changedAt: this.engine.clock.now(), before: kept });
  }

  /** The rule as it counts now; undefined while a new one doesn't yet. */
  settled(rule: StoredRule): StoredRule | undefined {
    const age = this.engine.clock.now() - (rule.changedAt ?? -Infinity);
    if (age >= this.#settings.get(RULE_DELAY)) return rule;
    return rule.before && { ...rule, ...rule.before };
  }

  rulesOf(bus: BusAddress): StoredRule[] {
    return [...this.rules.values()].filter((rule) => rule.bus.arn === bus.arn);
  }

  archivesOf(busArn: string): StoredArchive[] {
    return [...this.archives.values()].filter((archive) => archive.busArn === busArn);
  }

  /** Keeps an event, and now and then drops the oldest that are past their retention. */
  archive(archive: StoredArchive, event: BusEvent): void {
    const table = this.#archivedIn(archive);
    const archivedAt = this.engine.clock.now();
    table.set(`${String(event.time).padStart(15, '0')} ${event.id}`, { event, archivedAt });
    if (archivedAt - (this.#lookedAt.get(archive.arn) ?? -Infinity) < MINUTE_MS) return;
    this.#lookedAt.set(archive.arn, archivedAt);
    const before = oldest(archive, archivedAt);
    // What was archived first comes first.
    for (const [key, kept] of table.entries()) {
      if (kept.archivedAt >= before) return;
      table.delete(key);
    }
  }

  /** The archive's events, without those past its retention. */
  archived(archive: StoredArchive): Table<ArchivedEvent> {
    const table = this.#archivedIn(archive);
    const before = oldest(archive, this.engine.clock.now());
    for (const [key, { archivedAt }] of table.entries()) if (archivedAt < before) table.delete(key);
    return table;
  }

  /** On disk: of all that the engine keeps it grows most, and only a replay reads it. */
  #archivedIn({ arn }: StoredArchive): Table<ArchivedEvent> {
    return this.engine.store.diskTable(`events.archived ${arn}`);
  }

  /** The pattern compiled, once per text. */
  pattern(text: string): EventPattern {
    let pattern = this.#patterns.get(text);
    if (!pattern) {
      pattern = compilePattern(text);
      this.#patterns.set(text, pattern);
    }
    return pattern;
  }
}

/** Since when an archive keeps events, in epoch milliseconds. */
function oldest({ retentionDays }: StoredArchive, now: number): number {
  return retentionDays > 0 ? now - retentionDays * 86_400_000 : -Infinity;
}
