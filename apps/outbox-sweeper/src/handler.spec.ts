import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { append } from '@outbox/outbox-rules';
import { createFakeClock, orderEvent, recordingClient, recordingTelemetry } from '@outbox/testing';
import { readConfig } from './config';
import { createHandler, InvalidSweepInput } from './handler';

describe('outbox-sweeper', () => {
  it('decides by the time it is given and puts the committed event on the bus', async () => {
    const { sweep, bus } = setUp({ Entries: [{ EventId: 'bus-1' }], FailedEntryCount: 0 });
    expect(await sweep({ now: '2026-01-01T12:00:57.999Z' })).toMatchObject({ due: 0 });
    expect(await sweep({ now: '2026-01-01T12:00:58Z' })).toMatchObject({ published: 1, refused: 0 });
    expect(bus).toEqual([
      {
        Entries: [
          {
            EventBusName: 'bus',
            Source: 'orders',
            DetailType: 'OrderCreated',
            Detail: JSON.stringify({ ...orderEvent(1), relayedat: '2026-01-01T12:01:00.000Z' }),
          },
        ],
      },
    ]);
  });

  it('takes an entry that failed inside a successful PutEvents as not published', async () => {
    const { sweep, table } = setUp({
      Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'again' }],
      FailedEntryCount: 1,
    });
    expect(await sweep({ now: '2026-01-01T12:01:00Z' })).toMatchObject({ published: 0, refused: 1 });
    expect(table).toContainEqual(
      expect.objectContaining({
        UpdateExpression: 'SET lastError = :error',
        ExpressionAttributeValues: expect.objectContaining({ ':error': { S: 'InternalFailure: again' } }),
      }),
    );
  });

  it('does not trust an answer that leaves entries out', async () => {
    await expect(setUp({ Entries: [] }).sweep({ now: '2026-01-01T12:01:00Z' })).rejects.toThrow('answered 0');
  });

  it.each([[undefined], [{}], [{ now: 1 }], [{ now: 'soon' }], [{ now: '2026' }], [{ now: '2026-01-01T12:00:00' }]])(
    'refuses to run without a time of its own: %j',
    async (input) => {
      const { sweep, table } = setUp({});
      await expect(sweep(input)).rejects.toThrow(InvalidSweepInput);
      expect(table).toEqual([]);
    },
  );
});

/** A table with one event that is due a minute after its commit, 11:59:58. */
function setUp(answer: unknown) {
  const appended = append('ORDER#o-1', event(), { thresholdMs: 60_000 });
  if (appended.kind !== 'item') throw new Error('too large');
  const { item } = appended;
  const stored = Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: value },
    ]),
  );
  const dynamodb = recordingClient((input) => {
    if (!isObject(input)) return {};
    const shard = isObject(input['ExpressionAttributeValues'])
      ? input['ExpressionAttributeValues'][':shard']
      : undefined;
    if (isObject(shard)) return { Items: shard['S'] === item.unpublishedShard ? [stored] : [] };
    const key = input['Key'];
    return isObject(key) && JSON.stringify(key['pk']) === JSON.stringify(stored['pk']) ? { Item: stored } : {};
  });
  const eventbridge = recordingClient(() => answer);
  const handler = createHandler({
    config: readConfig({
      ORDERS_TABLE_NAME: 'orders-table',
      EVENT_BUS_NAME: 'bus',
      OUTBOX_THRESHOLD_SECONDS: '60',
      SWEEP_LIMIT: '500',
      EVENT_SOURCE: 'orders',
    }),
    dynamodb: dynamodb as unknown as DynamoDBClient,
    eventbridge: eventbridge as unknown as EventBridgeClient,
    clock: createFakeClock(Date.UTC(2026, 0, 1, 12, 1)),
    ...recordingTelemetry(),
  });
  const sweep = (input: unknown) => handler(input, { getRemainingTimeInMillis: () => 30_000 });
  return { sweep, bus: eventbridge.inputs, table: dynamodb.inputs };
}

function event() {
  return { ...orderEvent(1), specversion: '1.0' as const, datacontenttype: 'application/json' as const };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
