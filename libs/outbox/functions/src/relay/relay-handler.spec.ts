import { createFakeClock, recordingTelemetry } from '@outbox/testing';
import { createRelayHandler, NotABatch } from './relay-handler';

const committedAt = '2026-01-01T00:00:00.000Z';
const clock = createFakeClock(Date.parse(committedAt) + 250);

describe('outbox-relay', () => {
  let lags: number[];
  let counts: Record<string, number>;
  let telemetry: ReturnType<typeof recordingTelemetry>;
  const handler = () =>
    createRelayHandler({
      clock,
      logger: telemetry.logger,
      metrics: {
        count: (name, value = 1) => void (counts[name] = (counts[name] ?? 0) + value),
        milliseconds: (_name, value) => void lags.push(value),
        percent: () => undefined,
        flush: () => undefined,
      },
    });
  beforeEach(() => {
    lags = [];
    counts = {};
    telemetry = recordingTelemetry();
  });

  it('answers one element for each record, in order, and how late it is', async () => {
    const relayed = await handler()([record('e-1'), record('e-2'), record('e-3')]);
    expect(relayed.map(({ detail }) => detail.id)).toEqual(['e-1', 'e-2', 'e-3']);
    expect(relayed[0]?.detail.relayedat).toBe('2026-01-01T00:00:00.250Z');
    expect(lags).toEqual([250, 250, 250]);
    expect(counts).toEqual({ EventsRelayed: 3 });
  });

  it('throws for the whole batch when one record can’t be read: an answer too short would drop events', async () => {
    const bad = { eventID: 'bad', dynamodb: { NewImage: { pk: { S: 'parcel#p-1' }, id: { S: 'e-2' } } } };
    await expect(handler()([record('e-1'), bad, record('e-3')])).rejects.toThrow('bad');
    expect(telemetry.logged).toMatchObject([{ fields: { record: 'bad', item: { pk: 'parcel#p-1', id: 'e-2' } } }]);
    expect(counts).toEqual({ UnreadableRecords: 1 });
  });

  it('throws at anything but a batch', async () => {
    await expect(handler()({ Records: [] })).rejects.toThrow(NotABatch);
  });
});

function record(id: string) {
  const detail = {
    specversion: '1.0',
    id,
    source: 'parcels',
    type: 'ParcelRegistered',
    subject: 'p-1',
    time: committedAt,
    datacontenttype: 'application/json',
    dataschema: 'urn:outbox:event:ParcelRegistered:v1',
    sequence: '1',
    partitionkey: 'parcel#p-1',
    aggregatetype: 'parcel',
    data: {},
  };
  const image = { entity: 'OutboxEvent', id, type: 'ParcelRegistered', detail: JSON.stringify(detail) };
  return {
    eventID: id,
    dynamodb: { NewImage: Object.fromEntries(Object.entries(image).map(([name, S]) => [name, { S }])) },
  };
}
