import { CorruptItemError, marshalKey, type Item } from '@outbox/function-kit';
import { headItem, headKey, readSubject, skipKey, toItem, typeKey, versionKey, type AppliedRecord } from './inbox-item';

describe('readSubject', () => {
  it('reads a head and the records beside it, and no note about a skip', () => {
    const items = [
      { ...toItem(record(1)), ...marshalKey(versionKey('o', 1)), expiresAt: { N: '1' } },
      headItem({ subject: 'o', version: 3, id: 'e-3' }),
      { ...marshalKey(skipKey('o', 3)), from: { N: '1' }, to: { N: '3' } },
    ];
    expect(readSubject('t', items)).toEqual({
      head: { lastVersion: 3, lastEventId: 'e-3' },
      records: [{ sk: 'EFFECT#0000000001', ...record(1) }],
    });
  });

  it('reads the one item of a latest consumer as both', () => {
    const item = { ...toItem(record(2)), ...headItem({ subject: 'o', version: 2, id: 'e-2' }) };
    expect(readSubject('t', [item])).toEqual({
      head: { lastVersion: 2, lastEventId: 'e-2' },
      records: [{ sk: 'INBOX', ...record(2) }],
    });
  });

  it('reads a once consumer’s record, which has no head', () => {
    const item = { ...toItem(record(1)), ...marshalKey(typeKey('o', 'Changed')) };
    expect(readSubject('t', [item])).toEqual({ records: [{ sk: 'EFFECT#Changed', ...record(1) }] });
  });

  it.each<[item: Item, attribute: string, key: string]>([
    [{ ...marshalKey(headKey('o')), lastVersion: { N: '2' } }, 'lastEventId', 'o INBOX'],
    [{ ...marshalKey(typeKey('o', 'T')), eventId: { S: 'e' } }, 'version', 'o EFFECT#T'],
  ])('names what is wrong with an item that no consumer wrote', (item, attribute, key) => {
    expect(() => readSubject('t', [item])).toThrow(new CorruptItemError('t', key, attribute));
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
  };
}
