import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createFakeClock, recordingClient, recordingTelemetry, recordingTracer } from '@outbox/testing';
import { outboxItem } from '../testing/lab';
import type { Claimed } from './claim-due';
import { publishClaimed } from './publish-claimed';

describe('publishClaimed', () => {
  it('notes what no consumer could read, and publishes its neighbours', async () => {
    const { ports, table, put } = setUp();
    const [first, poison, last] = [claimed(1), claimed(2), claimed(3)];
    const unreadable = { ...poison, item: { ...poison.item, detail: '{"specversion":"1.0"}' } };
    const { accepted, refused, fault } = await publishClaimed(ports, [first, unreadable, last], 0, () => 30_000);
    expect(accepted).toEqual([first, last]);
    expect([refused, fault]).toEqual([1, undefined]);
    expect(put).toEqual(['1', '3']);
    expect(table.inputs).toEqual([
      expect.objectContaining({
        Key: { pk: { S: 'parcel#o-1' }, sk: { S: 'EVENT#0000000002' } },
        ExpressionAttributeValues: expect.objectContaining({
          ':error': { S: expect.stringContaining('its detail is no event') },
        }),
      }),
    ]);
  });

  it('links what it puts on the bus at once, and tells each event’s own trace', async () => {
    const { ports, tracer, logged } = setUp((sequence) => (sequence === '2' ? 'refused' : undefined));
    await publishClaimed(ports, [claimed(1, '1'), claimed(2, '2'), claimed(3, '3')], 0, () => 30_000);
    const sweep = tracer.span('sweep');
    expect(sweep.links).toEqual(['1', '2', '3'].map((digit) => digit.repeat(32)));
    const told = tracer.spans.filter(({ name }) => name === 'republish');
    expect(told.map(({ traceId, links }) => [traceId, links])).toEqual([
      ['1'.repeat(32), [sweep.traceId]],
      ['3'.repeat(32), [sweep.traceId]],
    ]);
    expect(told[0]?.attributes).toMatchObject({ 'outbox.event.id': 'o-1-1', 'outbox.attempt': 1 });
    // Whoever looks for the trace finds why its event isn't there yet.
    expect(logged).toMatchObject([{ fields: { traceId: '2'.repeat(32), eventId: 'o-1-2', reason: 'refused' } }]);
  });
});

function setUp(verdict: (sequence: string) => string | undefined = () => undefined) {
  const table = recordingClient();
  const put: string[] = [];
  const telemetry = recordingTelemetry();
  const tracer = recordingTracer();
  const ports = {
    table: { dynamodb: table as unknown as DynamoDBClient, tableName: 'outbox' },
    bus: {
      put: (entries: readonly { readonly detail: string }[]) => {
        const sequences = entries.map(({ detail }) => String((JSON.parse(detail) as { sequence: unknown }).sequence));
        put.push(...sequences);
        return Promise.resolve(sequences.map(verdict));
      },
    },
    workers: { atOnce: 1, work: () => Promise.resolve(undefined) },
    policy: { thresholdMs: 60_000, start: 10 },
    retry: { random: () => 0.5, sleep: () => Promise.resolve() },
    clock: createFakeClock(0),
    ...telemetry,
    tracer,
  };
  return { ports, table, put, tracer, logged: telemetry.logged };
}

/** @param digit what the ids of the event's trace are made of */
function claimed(sequence: number, digit?: string): Claimed {
  const item = outboxItem('o-1', sequence, 0);
  if (digit === undefined) return { item, attempts: 1 };
  const traceparent = `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;
  return { item: { ...item, detail: JSON.stringify({ ...JSON.parse(item.detail), traceparent }) }, attempts: 1 };
}
