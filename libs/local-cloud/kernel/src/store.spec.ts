import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { SqliteStore } from './store';

describe('SqliteStore', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'store-'));
    path = join(folder, 'state.sqlite');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives the next run what was flushed, in order, without what was deleted', () => {
    const first = new SqliteStore(path);
    const table = first.table<{ n: number }>('queues');
    table.set('a', { n: 1 });
    table.set('b', { n: 2 });
    table.set('a', { n: 3 });
    table.delete('b');
    first.flush();

    const second = new SqliteStore(path);
    expect([...second.table('queues').entries()]).toEqual([['a', { n: 3 }]]);
    second.close();
    first.close();
  });

  it('takes little more of the disk than what it keeps', () => {
    const store = new SqliteStore(path);
    const json = 'x'.repeat(1_200);
    for (let index = 0; index < 500; index += 1) store.table('events').set(`event-${index}`, json);
    store.close();
    expect(statSync(path).size).toBeLessThan(1.6 * 500 * json.length);
  });

  it('has the same in a table on disk as in one in memory, sorted by key, and gives it to the next run', () => {
    const change = fc.record({ key: fc.nat({ max: 250 }), value: fc.option(fc.nat()) });
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 300 }), { maxLength: 4 }), (runs) => {
        const file = join(mkdtempSync(join(folder, 'run-')), 'state.sqlite');
        const expected = new Map<string, number>();
        for (const changes of runs) {
          const store = new SqliteStore(file);
          const table = store.diskTable<number>('archive');
          for (const { key: number, value } of changes) {
            const key = String(number);
            expect(table.get(key)).toBe(expected.get(key));
            if (value === null) {
              expect(table.delete(key)).toBe(expected.delete(key));
            } else {
              table.set(key, value);
              expected.set(key, value);
            }
          }
          expect([...table.entries()]).toEqual([...expected].sort(([a], [b]) => (a < b ? -1 : 1)));
          expect(table.size).toBe(expected.size);
          store.close();
        }
      }),
      { numRuns: 20 },
    );
  });

  it('keeps tables apart and answers the same table for the same name', () => {
    const store = new SqliteStore(':memory:');
    store.table<number>('a').set('k', 1);
    expect(store.table<number>('a').get('k')).toBe(1);
    expect(store.table<number>('b').has('k')).toBe(false);
    expect(store.table<number>('a').size).toBe(1);
    store.close();
  });

  it('finds the tables whose entries hold a text, also what is not flushed yet', () => {
    const store = new SqliteStore(':memory:');
    store.table('a').set('1', { body: 'from Ada' });
    store.table('a').set('2', { body: '{"to":"Ada"}' });
    store.table('b').set('Ada', 1);
    store.table('c').set('1', 'Bob');
    expect(store.find('Ada')).toEqual({ a: 2, b: 1 });
    store.table('a').delete('1');
    expect(store.find('Ada')).toEqual({ a: 1, b: 1 });
    expect(store.find('%')).toEqual({});
    store.close();
  });

  it('commits by itself at the end of the turn', async () => {
    const first = new SqliteStore(path);
    first.table<number>('t').set('k', 1);
    await new Promise((resolve) => setImmediate(resolve));

    const second = new SqliteStore(path);
    expect(second.table<number>('t').get('k')).toBe(1);
    second.close();
    first.close();
  });
});
