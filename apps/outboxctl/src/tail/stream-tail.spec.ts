import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import { event1, headRow, itemOf, type Row } from '../testing/rows';
import { tailOf } from './stream-tail';

const record = (eventName: 'INSERT' | 'MODIFY' | 'REMOVE', row: Row): _Record => ({
  eventName,
  dynamodb: { NewImage: itemOf(row) as NonNullable<_Record['dynamodb']>['NewImage'] },
});
const committed = {
  ...event1,
  committedAt: '2026-01-01T00:00:00.000Z',
  attempts: 0,
  detail: '{"data":{"place":"depot"}}',
};

describe('the live tail', () => {
  it('tells what was committed, and what came off the bus', () => {
    const records = [
      record('INSERT', headRow(1)),
      record('INSERT', committed),
      record('MODIFY', { ...committed, attempts: 1 }),
      record('MODIFY', { ...committed, publishedAt: '2026-01-01T00:00:00.200Z' }),
      { eventName: 'REMOVE' as const, dynamodb: {} },
    ];
    expect(tailOf('outbox', records)).toEqual({
      events: [
        {
          aggregate: 'parcel',
          id: 'p-1',
          sequence: 1,
          eventId: 'e-1',
          type: 'ParcelRegistered',
          committedAt: '2026-01-01T00:00:00.000Z',
          detail: { data: { place: 'depot' } },
        },
      ],
      published: [{ eventId: 'e-1', publishedAt: '2026-01-01T00:00:00.200Z' }],
      left: 0,
    });
  });

  it('leaves out what nobody could read, and says how much', () => {
    const { events, left } = tailOf(
      'outbox',
      Array.from({ length: 450 }, () => record('INSERT', committed)),
    );
    expect([events.length, left]).toEqual([300, 150]);
    expect(tailOf('outbox', [record('INSERT', { ...event1, detail: '{' })]).events).toEqual([]);
  });
});
