import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('keeps only the keys of a table on disk in memory, and reads what is flushed and what is not', () => {
    const first = new SqliteStore(path);
    const table = first.table<{ n: number }>('archived', { onDisk: true });
    const value = { n: 1 };
    for (const key of ['b', 'a', 'c', 'd']) table.set(key, value);
    first.flush();
    table.set('a', { n: 2 });
    table.set('e', { n: 3 });
    expect(table.delete('c')).toBe(true);
    expect(table.delete('c')).toBe(false);
    expect(table.get('b')).toEqual(value);
    expect(table.get('b')).not.toBe(value);
    expect([table.get('c'), table.has('c'), table.has('d'), table.size]).toEqual([undefined, false, true, 4]);
    const entries = [
      ['b', { n: 1 }],
      ['a', { n: 2 }],
      ['d', { n: 1 }],
      ['e', { n: 3 }],
    ];
    expect([...table.entries()]).toEqual(entries);
    first.flush();
    expect([...table.entries()]).toEqual(entries);
    expect([...table.values()]).toEqual(entries.map(([, of]) => of));
    for (const key of table.keys()) table.delete(key);
    table.set('f', { n: 4 });
    expect([...table.keys()]).toEqual(['f']);
    first.close();

    const second = new SqliteStore(path);
    expect([...second.table('archived', { onDisk: true }).entries()]).toEqual([['f', { n: 4 }]]);
    expect(second.find('4')).toEqual({ archived: 1 });
    second.close();
  });

  it('takes little more of the disk than what it keeps', () => {
    const store = new SqliteStore(path);
    const json = 'x'.repeat(1_200);
    for (let index = 0; index < 500; index += 1) store.table('events').set(`event-${index}`, json);
    store.close();
    expect(statSync(path).size).toBeLessThan(1.6 * 500 * json.length);
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
