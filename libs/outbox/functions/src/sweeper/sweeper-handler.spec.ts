import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { InvokeCommandInput, LambdaClient } from '@aws-sdk/client-lambda';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { ShareReport } from '@outbox/outbox-dynamodb';
import { defineAggregate } from '@outbox/outbox-envelope';
import { append } from '@outbox/outbox-rules';
import { createFakeClock, recordingClient, recordingTelemetry } from '@outbox/testing';
import * as z from 'zod/mini';
import { readSweeperConfig } from './config';
import { InvalidSweepInput, shareInput } from './sweep-input';
import { createSweeperHandler } from './sweeper-handler';

describe('outbox-sweeper', () => {
  it('decides by the time it is given and puts the committed event on the bus', async () => {
    const { sweep, bus, committed } = setUp({ Entries: [{ EventId: 'bus-1' }], FailedEntryCount: 0 });
    expect(await sweep({ now: '2026-01-01T12:00:57.999Z' })).toMatchObject({ due: 0 });
    expect(await sweep({ now: '2026-01-01T12:00:58Z' })).toMatchObject({ published: 1, refused: 0 });
    expect(bus).toEqual([
      {
        Entries: [
          {
            EventBusName: 'bus',
            Source: 'parcels',
            DetailType: 'ParcelMoved',
            Detail: JSON.stringify({ ...committed, relayedat: '2026-01-01T12:01:00.000Z' }),
          },
        ],
      },
    ]);
  });

  it('takes an entry that failed inside a successful PutEvents as not published', async () => {
    const { sweep, table } = setUp({
      Entries: [{ ErrorCode: 'MalformedDetail', ErrorMessage: 'again' }],
      FailedEntryCount: 1,
    });
    expect(await sweep({ now: '2026-01-01T12:01:00Z' })).toMatchObject({ published: 0, refused: 1 });
    expect(table).toContainEqual(
      expect.objectContaining({
        UpdateExpression: 'SET lastError = :error',
        ExpressionAttributeValues: expect.objectContaining({ ':error': { S: 'MalformedDetail: again' } }),
      }),
    );
  });

  it('does not trust an answer that leaves entries out', async () => {
    await expect(setUp({ Entries: [] }).sweep({ now: '2026-01-01T12:01:00Z' })).rejects.toThrow('answered 0');
  });

  it('works a share of another invocation’s run, until its deadline', async () => {
    const { sweep, bus, key } = setUp({ Entries: [{ EventId: 'bus-1' }], FailedEntryCount: 0 });
    const share = (deadline: number) => shareInput({ keys: [key], now: Date.UTC(2026, 0, 1, 12, 1), deadline });
    expect(await sweep(share(Date.UTC(2026, 0, 1, 12, 1, 4)))).toMatchObject({ published: 0, outOfTime: true });
    expect(bus).toEqual([]);
    expect(await sweep(share(Date.UTC(2026, 0, 1, 12, 2)))).toMatchObject({
      published: 1,
      sample: [{ pk: key.pk, sk: key.sk, id: 'event-1' }],
      outOfTime: false,
    });
  });

  it('hands shares of a backlog to the alias that it was invoked by, never to $LATEST', async () => {
    const { sweep, shares } = setUp({}, 1_001);
    expect(await sweep({ now: '2026-01-01T12:01:00Z' })).toMatchObject({ due: 1_001, published: 1_000 });
    expect(shares.map(({ FunctionName, Qualifier }) => [FunctionName, Qualifier])).toEqual([
      [ALIAS, undefined],
      [ALIAS, undefined],
    ]);
  });

  it.each([
    [undefined],
    [{}],
    [{ now: 1 }],
    [{ now: 'soon' }],
    [{ now: '2026' }],
    [{ now: '2026-01-01T12:00:00' }],
    [{ now: '2026-01-01T12:00:00Z', keys: [['pk']], deadline: 0 }],
  ])('refuses to run without a time of its own: %j', async (input) => {
    const { sweep, table } = setUp({});
    await expect(sweep(input)).rejects.toThrow(InvalidSweepInput);
    expect(table).toEqual([]);
  });
});

const parcel = defineAggregate('parcel', { events: { Moved: { v1: z.object({}) } } });

const ALIAS = 'arn:aws:lambda:r:1:function:sweeper:live';

/** A table with one event, or so many, each of another parcel, due a minute after the commit at 11:59:58. */
function setUp(answer: unknown, events = 1) {
  const change = { aggregate: parcel, id: 'p-1', after: 0, events: [parcel.Moved({})] };
  const stamp = { now: Date.UTC(2026, 0, 1, 11, 59, 58), eventId: () => 'event-1' };
  const appended = append(change, {}, stamp, { source: 'parcels', thresholdMs: 60_000 });
  const [item] = appended.kind === 'appended' ? appended.items : [];
  if (!item) throw new Error('refused');
  const stored = Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: value },
    ]),
  );
  const all = Array.from({ length: events }, (_, n) =>
    n === 0 ? stored : { ...stored, pk: { S: `parcel#p-1-${n}` } },
  );
  const dynamodb = recordingClient((input) => {
    if (!isObject(input)) return {};
    const shard = isObject(input['ExpressionAttributeValues'])
      ? input['ExpressionAttributeValues'][':shard']
      : undefined;
    if (isObject(shard)) return { Items: shard['S'] === item.unpublishedShard ? all : [] };
    const key = input['Key'];
    return isObject(key) && JSON.stringify(key['pk']) === JSON.stringify(stored['pk']) ? { Item: stored } : {};
  });
  const eventbridge = recordingClient(() => answer);
  const lambda = recordingClient(() => ({ Payload: Buffer.from(JSON.stringify(worked)) }));
  const handler = createSweeperHandler({
    config: readSweeperConfig({
      OUTBOX_TABLE_NAME: 'outbox-table',
      EVENT_BUS_NAME: 'bus',
      OUTBOX_THRESHOLD_SECONDS: '60',
      SWEEP_START: '5000',
      SWEEP_CONCURRENCY: '10',
      EVENT_SOURCE: 'parcels',
    }),
    dynamodb: dynamodb as unknown as DynamoDBClient,
    eventbridge: () => eventbridge as unknown as EventBridgeClient,
    lambda: () => lambda as unknown as LambdaClient,
    retry: { random: () => 0.5, sleep: () => Promise.resolve() },
    clock: createFakeClock(Date.UTC(2026, 0, 1, 12, 1)),
    ...recordingTelemetry(),
  });
  const sweep = (input: unknown) =>
    handler(input, {
      getRemainingTimeInMillis: () => 30_000,
      invokedFunctionArn: ALIAS,
    });
  const key = { pk: item.pk, sk: item.sk, dueAt: item.dueAt ?? '' };
  const shares = lambda.inputs as readonly InvokeCommandInput[];
  return {
    sweep,
    shares,
    key,
    bus: eventbridge.inputs,
    table: dynamodb.inputs,
    committed: JSON.parse(item.detail) as object,
  };
}

/** What a further invocation answers of its share. */
const worked: ShareReport = {
  published: 500,
  sample: [],
  refused: 0,
  failed: 0,
  faults: [],
  outOfTime: false,
  oldestUnpublishedMs: 0,
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
