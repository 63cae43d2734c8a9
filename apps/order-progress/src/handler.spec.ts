import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { marshalPlain } from '@outbox/function-kit';
import { shipment } from '@outbox/orders-events';
import {
  busEnvelope,
  createSeededIds,
  orderEvent,
  recordingClient,
  recordingTelemetry,
  sqsRecord,
} from '@outbox/testing';
import { handler } from './handler';

const of = (draft: object) => ({
  ...orderEvent(1),
  ...draft,
  id: 'event-shipment',
  partitionkey: 'shipment#o-1',
});
const booked = of(shipment.Booked({ orderId: 'o-1', bookingId: 'b-1' }));
const refused = of(shipment.Refused({ orderId: 'o-1', reason: 'too heavy' }));
const cancelled = orderEvent(3, { data: { status: 'CANCELLED', changed: ['status'] } });

beforeEach(() => {
  process.env['ORDERS_TABLE_NAME'] = 'orders';
});
afterEach(() => {
  delete process.env['ORDERS_TABLE_NAME'];
});

describe('order-progress', () => {
  it.each([
    ['confirms an order whose shipment is booked', booked, 'CONFIRMED'],
    ['cancels an order whose shipment is refused', refused, 'CANCELLED'],
  ])('%s, with its event, on condition that the order is as it was read', async (_what, event, status) => {
    const { deliver, writes, emitted } = setUp({ status: 'PLACED' });
    expect(await deliver(event)).toEqual([]);
    expect(writes()).toEqual([
      {
        Put: expect.objectContaining({
          TableName: 'orders',
          Item: expect.objectContaining({
            orderId: { S: 'o-1' },
            owner: { S: 'ada' },
            version: { N: '3' },
            status: { S: status },
          }),
          ConditionExpression: '#version = :before',
          ExpressionAttributeValues: { ':before': { N: '2' } },
        }),
      },
    ]);
    expect(emitted()).toEqual([
      ['order', 'o-1', 2, [['OrderUpdated', expect.objectContaining({ status, version: 3, changed: ['status'] })]]],
    ]);
  });

  it('has the booking of an order cancelled that was cancelled before it was booked', async () => {
    const { deliver, writes, emitted } = setUp({ status: 'CANCELLED' });
    expect(await deliver(booked)).toEqual([]);
    expect([writes(), emitted()]).toEqual([
      [],
      [['shipment', 'o-1', 1, [['ShipmentCancellationRequested', { orderId: 'o-1', bookingId: 'b-1' }]]]],
    ]);
  });

  it('has the booking of an order cancelled that is cancelled after it was booked', async () => {
    const { deliver, emitted } = setUp({ recorded: { bookingId: 'b-1', status: 'CONFIRMED' } });
    expect(await deliver(cancelled)).toEqual([]);
    expect(emitted()).toEqual([
      ['shipment', 'o-1', 1, [['ShipmentCancellationRequested', { orderId: 'o-1', bookingId: 'b-1' }]]],
    ]);
  });

  it.each([
    ['a cancelled order that was never booked', cancelled, {}],
    ['a cancelled order whose booking is being cancelled', cancelled, { recorded: { cancelled: 'b-1' } }],
    ['another change of an order', orderEvent(2), { recorded: { bookingId: 'b-1' } }],
    ['a refusal for an order that is cancelled', refused, { status: 'CANCELLED' }],
    ['a booking for an order that is shipped already', booked, { status: 'SHIPPED' }],
  ])('has nothing to do for %s', async (_what, event, world) => {
    const { deliver, writes, emitted } = setUp(world);
    expect(await deliver(event)).toEqual([]);
    expect([writes(), emitted()]).toEqual([[], []]);
  });

  it('keeps the booking of an order that somebody confirmed before', async () => {
    const { deliver, record } = setUp({ status: 'CONFIRMED' });
    await deliver(booked);
    expect(record()).toMatchObject({ effect: { M: { bookingId: { S: 'b-1' }, status: { S: 'CONFIRMED' } } } });
  });

  it('sets aside what is about no order', async () => {
    const { deliver, sent } = setUp({});
    expect(await deliver(booked)).toEqual([]);
    expect(JSON.stringify(sent.at(-1))).toContain('there is no order o-1');
  });
});

interface World {
  /** Of the order; there is none without. */
  readonly status?: string;
  /** What the consumer recorded of the shipment's first event. */
  readonly recorded?: Readonly<Record<string, unknown>>;
}

interface Input {
  readonly TableName?: string;
  readonly Key?: { readonly sk?: { readonly S: string }; readonly pk?: { readonly S: string } };
  readonly Item?: unknown;
  readonly TransactItems?: readonly { readonly Put: { readonly TableName: string; readonly Item: unknown } }[];
}

function setUp({ status, recorded }: World) {
  const client = recordingClient((input) => {
    const { TableName, Key } = input as Input;
    if (TableName === 'orders') {
      return status === undefined
        ? {}
        : { Item: marshalPlain({ ...orderEvent(2, { data: { status } }).data, owner: 'ada' }) };
    }
    const isShipment = Key?.pk?.S === 'orders#shipment#o-1';
    return isShipment && recorded ? { Item: marshalPlain({ eventId: 'e', effect: recorded }) } : {};
  });
  const changes: {
    aggregate: { aggregateType: string };
    id: string;
    after: number;
    events: readonly { type: string; data: unknown }[];
  }[] = [];
  const handle = handler.using({
    variables: {
      CONSUMER_NAME: 'order-progress',
      CONSUMER_POLICY: 'once',
      CONSUMER_TABLE_NAME: 'progress',
      QUEUE_URL: 'queue',
      DLQ_URL: 'dlq',
      INBOX_RETENTION_DAYS: '45',
      LAG_OBJECTIVE_SECONDS: '60',
    },
    dynamodb: client as unknown as DynamoDBClient,
    sqs: client as unknown as SQSClient,
    outbox: {
      loadHead: () => Promise.resolve(undefined),
      transactItems: (input) => {
        changes.push(...input.changes);
        return { kind: 'part', items: [], outcomeOf: () => undefined };
      },
    },
    clock: { now: () => Date.UTC(2026, 0, 1, 12) },
    ids: createSeededIds(),
    retry: { random: () => 0, sleep: () => Promise.resolve() },
    ...recordingTelemetry(),
  });
  const deliver = async (event: unknown): Promise<string[]> => {
    const context = { getRemainingTimeInMillis: () => 30_000 };
    const { batchItemFailures } = await handle({ Records: [sqsRecord(busEnvelope(event))] }, context);
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  const last = (): Input => client.inputs.at(-1) as Input;
  const writes = () => (last().TransactItems ?? []).filter(({ Put }) => Put.TableName === 'orders');
  const record = (): unknown => last().Item ?? last().TransactItems?.[0]?.Put.Item;
  const emitted = () =>
    changes.map(({ aggregate, id, after, events }) => [
      aggregate.aggregateType,
      id,
      after,
      events.map(({ type, data }) => [type, data]),
    ]);
  return { deliver, writes, record, emitted, sent: client.inputs };
}
