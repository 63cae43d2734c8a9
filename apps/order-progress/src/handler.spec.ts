import { marshalPlain } from '@outbox/function-kit';
import { order, shipment } from '@outbox/orders-events';
import { consumerLab, eventOf, orderEvent } from '@outbox/testing';
import { handler } from './handler';

const booked = eventOf(shipment.Booked({ orderId: 'o-1', bookingId: 'b-1' }), { subject: 'o-1' });
const refused = eventOf(shipment.Refused({ orderId: 'o-1', reason: 'too heavy' }), { subject: 'o-1' });
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
        Update: expect.objectContaining({
          TableName: 'orders',
          Key: { orderId: { S: 'o-1' } },
          UpdateExpression: 'SET #status = :status, #updatedAt = :updatedAt, #version = :version',
          ConditionExpression: '#version = :before',
          ExpressionAttributeValues: expect.objectContaining({
            ':before': { N: '2' },
            ':version': { N: '3' },
            ':status': { S: status },
          }),
        }),
      },
    ]);
    expect(emitted()).toEqual([
      ['order', 'o-1', 2, [order.Updated(expect.objectContaining({ status, version: 3, changed: ['status'] }))]],
    ]);
  });

  it('has the booking of an order cancelled that was cancelled before it was booked', async () => {
    const { deliver, writes, emitted } = setUp({ status: 'CANCELLED' });
    expect(await deliver(booked)).toEqual([]);
    expect([writes(), emitted()]).toEqual([
      [],
      [['shipment', 'o-1', 1, [shipment.CancellationRequested({ orderId: 'o-1', bookingId: 'b-1' })]]],
    ]);
  });

  it('has the booking of an order cancelled that is cancelled after it was booked', async () => {
    const { deliver, emitted } = setUp({ recorded: { bookingId: 'b-1', status: 'CONFIRMED' } });
    expect(await deliver(cancelled)).toEqual([]);
    expect(emitted()).toEqual([
      ['shipment', 'o-1', 1, [shipment.CancellationRequested({ orderId: 'o-1', bookingId: 'b-1' })]],
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

  it('keeps the booking of an order that somebody confirmed before, on condition that it is still as it was read', async () => {
    const { deliver, written, checks } = setUp({ status: 'CONFIRMED' });
    await deliver(booked);
    expect(written()).toMatchObject([{ effect: { M: { bookingId: { S: 'b-1' }, status: { S: 'CONFIRMED' } } } }]);
    // If it is cancelled meanwhile, whoever handles that finds no booking yet: this has to see the cancellation.
    expect(checks()).toEqual([
      expect.objectContaining({
        TableName: 'orders',
        Key: { orderId: { S: 'o-1' } },
        ConditionExpression: '#version = :before',
        ExpressionAttributeValues: { ':before': { N: '2' } },
      }),
    ]);
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
  readonly TransactItems?: readonly {
    readonly Update?: { readonly TableName: string };
    readonly ConditionCheck?: unknown;
  }[];
}

function setUp({ status, recorded }: World) {
  const answer = (input: unknown) => {
    const { TableName, Key } = input as Input;
    if (TableName === 'orders') {
      return status === undefined
        ? {}
        : { Item: marshalPlain({ ...orderEvent(2, { data: { status } }).data, owner: 'ada' }) };
    }
    const isShipment = Key?.pk?.S === 'orders#shipment#o-1';
    return isShipment && recorded ? { Item: marshalPlain({ eventId: 'e', effect: recorded }) } : {};
  };
  const lab = consumerLab(handler, answer);
  const last = (): Input => lab.sent.at(-1) as Input;
  const writes = () => (last().TransactItems ?? []).filter(({ Update }) => Update?.TableName === 'orders');
  const checks = () => (last().TransactItems ?? []).flatMap(({ ConditionCheck }) => ConditionCheck ?? []);
  return { ...lab, writes, checks };
}
