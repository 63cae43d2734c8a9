import { EngineClock, SqliteStore, type Table } from '@outbox/local-cloud-kernel';
import { ACCOUNT, REGION, startSpecEngine, type SpecEngine } from '../testing/spec-engine';

const DAY_MS = 86_400_000;

/** Counts how many archived events are looked at. */
class CountingStore extends SqliteStore {
  looks = 0;
  readonly #counted = new Set<string>();

  override diskTable<T>(name: string): Table<T> {
    const table = super.diskTable<T>(name);
    if (!name.startsWith('events.archived') || this.#counted.has(name)) return table;
    this.#counted.add(name);
    const entries = table.entries.bind(table);
    const count = (): void => void (this.looks += 1);
    table.entries = function* () {
      for (const entry of entries()) {
        count();
        yield entry;
      }
    };
    return table;
  }
}

describe('an archive that keeps events for a day', () => {
  let engine: SpecEngine;
  let store: CountingStore;

  beforeEach(async () => {
    store = new CountingStore(':memory:');
    engine = await startSpecEngine({ store, clock: new EngineClock(0, () => Date.UTC(2026, 0, 1)) });
    const EventSourceArn = `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/default`;
    await engine.call('events', 'CreateArchive', { ArchiveName: 'day', EventSourceArn, RetentionDays: 1 });
  });
  afterEach(() => engine.stop());

  const put = (count: number) =>
    engine.call('events', 'PutEvents', {
      Entries: Array.from({ length: count }, () => ({ Source: 's', DetailType: 't', Detail: '{}' })),
    });
  const kept = async () => (await engine.call('events', 'DescribeArchive', { ArchiveName: 'day' })).EventCount;

  it('drops what is older, with the next event or when somebody looks', async () => {
    await put(2);
    engine.clock.advance(DAY_MS);
    await put(1);
    expect(await kept()).toBe(3);
    engine.clock.advance(1);
    expect(await kept()).toBe(1);
    engine.clock.advance(DAY_MS);
    await put(1);
    expect(store.diskTable('events.archived arn:aws:events:us-east-1:000000000000:archive/day').size).toBe(1);
  });

  it('takes an event without going through those it has', async () => {
    for (let call = 0; call < 10; call++) await put(10);
    store.looks = 0;
    await put(10);
    expect(store.looks).toBeLessThanOrEqual(20);
  });
});
