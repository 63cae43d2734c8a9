import type { EventEnvelope } from '@outbox/outbox-envelope';
import { relay, UnreadableRecord, type StreamRecord } from './relay';
import { appendedItems, parcel } from './testing/parcel';

const event: EventEnvelope = {
  specversion: '1.0',
  id: 'e-1',
  source: 'parcels',
  type: 'ParcelRegistered',
  subject: 'p-1',
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  dataschema: 'urn:outbox:event:ParcelRegistered:v1',
  sequence: '1',
  partitionkey: 'parcel#p-1',
  aggregatetype: 'parcel',
  data: { nested: { list: [1, 'two'] } },
};
const now = '2026-01-01T00:00:01.000Z';

describe('relay', () => {
  it('gives back the event as it was committed, stamped, with its type at the record’s own path', () => {
    expect(relay(record({}), now)).toEqual({
      dynamodb: { NewImage: { type: { S: 'ParcelRegistered' } } },
      detail: { ...event, relayedat: now },
    });
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['an aggregate’s head', { entity: undefined }, 'no outbox item'],
    ['no detail', { detail: undefined }, 'no event'],
    ['a detail that is no JSON', { detail: '{' }, 'no event'],
    ['a detail that is no CloudEvent', { detail: '{"id":"e-1"}' }, 'specversion'],
    ['another event’s detail', { id: 'e-2' }, 'says otherwise'],
    ['another type’s detail', { type: 'ParcelMoved' }, 'says otherwise'],
  ])('throws at %s, naming the record', (_what, change, reason) => {
    const attempt = (): unknown => relay(record(change), now);
    expect(attempt).toThrow(UnreadableRecord);
    expect(attempt).toThrow(reason);
    expect(attempt).toThrow('stream-1');
  });
});

function record(change: Record<string, string | undefined>): StreamRecord {
  const [item] = appendedItems('p-1', 0, [parcel.Registered(event.data)], Date.parse(event.time), () => event.id);
  if (!item) throw new Error('not appended');
  const { id, type, entity, detail } = item;
  const image = { id, type, entity, detail, ...change };
  return {
    eventID: 'stream-1',
    dynamodb: {
      NewImage: Object.fromEntries(
        Object.entries(image).map(([name, S]) => [name, S === undefined ? undefined : { S }]),
      ),
    },
  };
}
