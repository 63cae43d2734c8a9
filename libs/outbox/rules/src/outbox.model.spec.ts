import type { EventEnvelope } from '@outbox/outbox-envelope';
import * as fc from 'fast-check';
import { acknowledge, isUnpublished } from './acknowledge';
import { claim, isDue, isStillAs, MAX_ATTEMPTS, MAX_BACK_OFF_MS } from './claim';
import type { StoredOutboxItem } from './outbox-item';
import { rearm } from './rearm';
import { relay } from './relay';
import { republish } from './republish';
import { appendedItems, parcel, policy } from './testing/parcel';

const retention = { retentionDays: 7 };

/**
 * A table, a stream, a bus and an acknowledger's queue, driven by the rules. Each hop may lose, repeat or delay; each
 * sweeper is a worker whose steps interleave with all else. Its own checks hold after every step.
 */
class World {
  now = Date.UTC(2026, 0, 1);
  readonly table = new Map<string, StoredOutboxItem>();
  /** What the heads say; retention never touches them. */
  heads = new Map<string, number>();
  readonly stream: StoredOutboxItem[] = [];
  readonly bus: EventEnvelope[] = [];
  readonly sightings: EventEnvelope[] = [];
  sweepers: { seen: StoredOutboxItem; claimed?: StoredOutboxItem }[] = [];
  #ids = 0;
  #snapshot = { items: new Map<string, StoredOutboxItem>(), heads: new Map<string, number>() };
  readonly #claims = new Set<StoredOutboxItem>();

  /** A commit of one or several events, which the stream may bring in any order: it keeps the sequence of one item's changes only. */
  commit(aggregate: string, count: number, reversed: boolean): void {
    const after = this.heads.get(aggregate) ?? 0;
    this.heads.set(aggregate, after + count);
    const drafts = Array.from({ length: count }, () => parcel.Moved({}));
    const items = appendedItems(aggregate, after, drafts, this.now, () => `e-${(this.#ids += 1)}`);
    for (const item of items) this.#write(item);
    this.stream.push(...(reversed ? items.toReversed() : items));
  }

  relay(forget: boolean): void {
    const item = forget ? this.stream.shift() : this.stream[0];
    if (!item) return;
    const { id, type, entity, detail } = item;
    const image = { id: { S: id }, type: { S: type }, entity: { S: entity }, detail: { S: detail } };
    this.#arrive(relay({ dynamodb: { NewImage: image } }, this.#time()).detail);
  }

  /** The index lags behind: a sweeper may start from an item as it stood long ago, so it keeps what it has seen. */
  look(): void {
    for (const seen of this.table.values()) if (isDue(seen, this.now)) this.sweepers.push({ seen });
  }

  claim(pick: number): void {
    const sweeper = this.#sweeper(pick);
    if (!sweeper || sweeper.claimed) return;
    const { seen } = sweeper;
    const current = this.table.get(placeOf(seen));
    const decision = claim(seen, this.now, policy);
    if (!isStillAs(current, seen)) this.#end(sweeper);
    else if (decision.kind === 'give-up') {
      const { failedAt, failure } = decision;
      this.#write({ ...current, failedAt, failure, unpublishedShard: undefined, dueAt: undefined });
      this.#end(sweeper);
    } else {
      // Whoever still may claim from the same reading has to fail from here on.
      expect(this.#claims.has(seen)).toBe(false);
      this.#claims.add(seen);
      sweeper.claimed = { ...current, attempts: decision.attempts, dueAt: decision.dueAt };
      this.#write(sweeper.claimed);
    }
  }

  publish(pick: number, accepted: boolean): void {
    const sweeper = this.#sweeper(pick);
    if (!sweeper?.claimed) return;
    const made = republish(sweeper.claimed, this.#time());
    if (made.kind !== 'entry') throw new Error(made.reason);
    if (accepted) this.#arrive(JSON.parse(made.entry.detail) as EventEnvelope);
    this.#end(sweeper);
  }

  crash(pick: number): void {
    const sweeper = this.#sweeper(pick);
    if (sweeper) this.#end(sweeper);
  }

  acknowledge(pick: number, forget: boolean): void {
    const index = pick % Math.max(1, this.sightings.length);
    const seen = this.sightings[index];
    if (!seen) return;
    if (forget) this.sightings.splice(index, 1);
    const published = { pk: seen.partitionkey, sequence: Number(seen.sequence), id: seen.id };
    const { pk, sk, publishedAt, expiresAt } = acknowledge(published, this.now, retention);
    const item = this.table.get(pk + sk);
    if (!isUnpublished(item, seen.id)) return;
    this.#write({ ...item, publishedAt, expiresAt, unpublishedShard: undefined, dueAt: undefined });
  }

  expire(): void {
    for (const [place, { expiresAt }] of this.table) {
      if (expiresAt !== undefined && expiresAt * 1_000 <= this.now) this.table.delete(place);
    }
  }

  backup(): void {
    this.#snapshot = { items: new Map(this.table), heads: new Map(this.heads) };
  }

  /** Back to the snapshot; sequence numbers after it are given out anew. What is under way stays under way. */
  restore(): void {
    this.table.clear();
    for (const [place, item] of this.#snapshot.items) this.table.set(place, { ...item });
    this.heads = new Map(this.#snapshot.heads);
    this.#claims.clear();
  }

  /** Nothing fails any more: time passes, sweepers run to their end, the acknowledger empties its queue. */
  recover(): void {
    this.sweepers = [];
    for (let round = 0; round <= MAX_ATTEMPTS + 1; round += 1) {
      this.now += MAX_BACK_OFF_MS;
      this.look();
      while (this.sweepers.length > 0) {
        this.claim(0);
        this.publish(0, true);
      }
      while (this.sightings.length > 0) this.acknowledge(0, true);
    }
  }

  retryFailed(): void {
    for (const { failedAt, failure, ...item } of [...this.table.values()]) {
      if (failedAt === undefined) continue;
      expect(failure).toMatch(/never acknowledged|refused/);
      this.#write({ ...item, ...rearm(item.pk, this.now) });
    }
  }

  check(): void {
    const onBus = new Set(this.bus.map(({ id }) => id));
    for (const item of this.table.values()) {
      const states = [item.unpublishedShard, item.publishedAt, item.failedAt].filter((state) => state !== undefined);
      expect(states).toHaveLength(1);
      expect(item.unpublishedShard === undefined).toBe(item.dueAt === undefined);
      expect(item.attempts).toBeLessThanOrEqual(MAX_ATTEMPTS);
      if (item.publishedAt !== undefined) expect(onBus).toContain(item.id);
      if (item.failedAt !== undefined) expect(item.attempts).toBe(MAX_ATTEMPTS);
    }
  }

  #arrive(detail: EventEnvelope): void {
    this.bus.push(detail);
    this.sightings.push(detail);
  }

  #write(item: StoredOutboxItem): void {
    // The first acknowledgement stands; only an operator takes it back.
    const before = this.table.get(placeOf(item))?.publishedAt ?? item.publishedAt;
    if (item.unpublishedShard === undefined) expect(item.publishedAt).toBe(before);
    this.table.set(placeOf(item), item);
  }

  #sweeper(pick: number) {
    return this.sweepers[pick % Math.max(1, this.sweepers.length)];
  }

  #end(sweeper: unknown): void {
    this.sweepers = this.sweepers.filter((other) => other !== sweeper);
  }

  #time(): string {
    return new Date(this.now).toISOString();
  }
}

/** One step of the world, with its name and arguments for the report of a failure. */
class Step implements fc.Command<object, World> {
  constructor(
    private readonly name: string,
    private readonly act: (world: World) => void,
  ) {}

  check(): boolean {
    return true;
  }

  run(_model: object, world: World): void {
    this.act(world);
    world.check();
  }

  toString(): string {
    return this.name;
  }
}

const step = (name: string, act: (world: World) => void) => fc.constant(new Step(name, act));
const picked = (name: string, act: (world: World, pick: number) => void) =>
  fc.nat(7).map((pick) => new Step(`${name}(${pick})`, (world) => act(world, pick)));

const steps = [
  fc
    .tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 3 }), fc.boolean())
    .map(
      ([aggregate, count, reversed]) =>
        new Step(`commit(${aggregate}, ${count}${reversed ? ', reversed' : ''})`, (world) =>
          world.commit(aggregate, count, reversed),
        ),
    ),
  step('relay', (world) => world.relay(true)),
  step('relay, crash after it', (world) => world.relay(false)),
  step('trim the stream', (world) => void world.stream.shift()),
  step('sweep: look', (world) => world.look()),
  picked('sweep: claim', (world, pick) => world.claim(pick)),
  picked('sweep: publish', (world, pick) => world.publish(pick, true)),
  picked('sweep: refused', (world, pick) => world.publish(pick, false)),
  picked('sweep: crash', (world, pick) => world.crash(pick)),
  picked('acknowledge', (world, pick) => world.acknowledge(pick, true)),
  picked('acknowledge, crash after it', (world, pick) => world.acknowledge(pick, false)),
  picked('lose a sighting', (world, pick) => void world.sightings.splice(pick, 1)),
  fc
    .integer({ min: 1, max: 48 })
    .map((hours) => new Step(`wait(${hours} h)`, (world) => void (world.now += hours * 3_600_000))),
  step('retry what failed', (world) => world.retryFailed()),
  step('expire', (world) => world.expire()),
  step('back up', (world) => world.backup()),
  step('restore', (world) => world.restore()),
];

describe('the outbox', () => {
  it('brings every committed event to the bus, whatever fails on the way, and says what it gave up', () => {
    fc.assert(
      fc.property(fc.commands(steps, { maxCommands: 120, size: '+1' }), (commands) => {
        const world = new World();
        fc.modelRun(() => ({ model: {}, real: world }), commands);
        world.recover();
        world.check();
        const gaveUp = [...world.table.values()].filter(({ publishedAt }) => publishedAt === undefined);
        expect(gaveUp.filter(({ failedAt }) => failedAt === undefined)).toEqual([]);

        world.retryFailed();
        world.recover();
        world.check();
        const onBus = new Set(world.bus.map(({ id }) => id));
        expect([...world.table.values()].filter(({ id }) => !onBus.has(id))).toEqual([]);
        expect([...world.table.values()].filter(({ publishedAt }) => publishedAt === undefined)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('gives up an event that the bus refuses for ever, after ten attempts', () => {
    const world = new World();
    world.commit('a', 1, false);
    let refusals = 0;
    while ([...world.table.values()].some(({ unpublishedShard }) => unpublishedShard !== undefined)) {
      world.now += MAX_BACK_OFF_MS;
      world.look();
      world.claim(0);
      refusals += world.sweepers.length;
      world.publish(0, false);
      world.check();
    }
    expect(refusals).toBe(MAX_ATTEMPTS);
    expect([...world.table.values()]).toMatchObject([{ failure: 'published 10 times, never acknowledged' }]);
  });
});

function placeOf({ pk, sk }: StoredOutboxItem): string {
  return pk + sk;
}
