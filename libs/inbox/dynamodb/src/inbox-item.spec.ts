import { CorruptItemError, marshalKey, type Item } from '@outbox/function-kit';
import {
  headItem,
  headKey,
  indexedProblem,
  readEffect,
  readSubject,
  recordItem,
  recordKey,
  skipItem,
  type AppliedRecord,
} from './inbox-item';

const o = { source: 's', aggregateType: 't', id: 'o' };
const key = 's#t#o';

describe('readSubject', () => {
  it('reads a head and the records beside it, and the note about a skip', () => {
    const items = [
      {
        ...recordItem(record(1), { type: 'x' }),
        ...marshalKey(recordKey({ subject: key, version: 1 })),
        expiresAt: { N: '1' },
      },
      headItem({ subject: key, version: 3, id: 'e-3' }, { firstVersion: 2 }),
      skipItem(key, { from: 1, to: 3, reason: 'lost', by: 'me', at: 'then' }),
    ];
    expect(readSubject('t', items)).toEqual({
      head: { firstVersion: 2, lastVersion: 3, lastEventId: 'e-3' },
      records: [{ sk: 'EFFECT#0000000001', ...record(1) }],
      pending: [],
      skips: [{ from: 1, to: 3, reason: 'lost' }],
    });
  });

  it('reads the one item of a latest consumer as both', () => {
    const item = { ...recordItem(record(2), {}), ...headItem({ subject: key, version: 2, id: 'e-2' }) };
    expect(readSubject('t', [item])).toEqual({
      head: { firstVersion: 2, lastVersion: 2, lastEventId: 'e-2' },
      records: [{ sk: 'INBOX', ...record(2) }],
      pending: [],
      skips: [],
    });
  });

  it('reads a once consumer’s record, which has no head', () => {
    const item = { ...recordItem(record(1), {}), ...marshalKey(recordKey({ subject: key, version: 1 })) };
    expect(readSubject('t', [item])).toEqual({
      records: [{ sk: 'EFFECT#0000000001', ...record(1) }],
      pending: [],
      skips: [],
    });
  });

  it.each<[item: Item, attribute: string, key: string]>([
    [{ ...marshalKey(headKey(o)), firstVersion: { N: '1' }, lastVersion: { N: '2' } }, 'lastEventId', 's#t#o INBOX'],
    [
      { ...marshalKey(recordKey({ subject: key, version: 1 })), eventId: { S: 'e' } },
      'version',
      's#t#o EFFECT#0000000001',
    ],
  ])('names what is wrong with an item that no consumer wrote', (item, attribute, key) => {
    expect(() => readSubject('t', [item])).toThrow(new CorruptItemError('t', key, attribute));
  });
});

describe('recordItem', () => {
  it('keeps an effect apart from the record, whatever its fields are called, and copies what is indexed', () => {
    const fields = { type: 'x', version: 7, expiresAt: 'never', region: 'c', missing: undefined };
    const item = {
      ...recordItem(record(1), fields, { indexed: ['region', 'missing'] }),
      ...marshalKey(headKey(o)),
    };
    expect(item).toMatchObject({ type: { S: 'Changed' }, version: { N: '1' }, region: { S: 'c' } });
    expect(item).not.toHaveProperty('expiresAt');
    expect(item).not.toHaveProperty('missing');
    const effect = readEffect('t', item);
    expect([effect.text('type'), effect.number('version'), effect.text('region')]).toEqual(['x', 7, 'c']);
  });

  it('lets no field be indexed that is called as an attribute of its own', () => {
    const own = [
      ...Object.keys(recordItem(record(1), { a: 1 })),
      ...Object.keys(headItem({ subject: key, version: 1, id: 'e' })),
    ];
    for (const name of [...own, 'expiresAt', 'updatedAt'])
      expect([name, indexedProblem(name)]).toEqual([name, expect.stringContaining(name)]);
    expect(indexedProblem('region')).toBeUndefined();
  });
});

function record(version: number): AppliedRecord {
  return {
    eventId: `e-${version}`,
    version,
    type: 'Changed',
    committedAt: '2026-01-01T00:00:00.000Z',
    relayedAt: '2026-01-01T00:00:01.000Z',
    busAt: '2026-01-01T00:00:01Z',
    queuedAt: '2026-01-01T00:00:01.500Z',
    appliedAt: '2026-01-01T00:00:02.000Z',
    receives: 1,
    attempts: 1,
  };
}
