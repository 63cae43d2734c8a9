import { eventUnits, type Meter } from '@outbox/prices';
import { eventually } from '@outbox/testing';
import { placeOrder } from './support/orders';
import { countRequests, type RequestCounts } from './support/request-counts';
import { readStack } from './support/stack';

const stack = readStack();

const ORDERS = 6;
/** `OrderCreated` goes to three consumers, `ShipmentBooked` to one, `OrderUpdated` to three. */
const EVENTS = 3 * ORDERS;
const DELIVERIES = 7 * ORDERS;
/** What may be more: a copy here and there, the sweeper's look at what is due. */
const SLACK = 1.05;

const METERS = ['httpApiRequest', 'pipeRequest', 'busEvent', 'sqsRequest', 'lambdaRequest'] as const;

/**
 * Calls of DynamoDB for an order: a transaction for the order, for its booking, its confirmation and both of its mails; an
 * update for each acknowledgement and for each claim of a call; a write for each state of the read model and for an event
 * that needs no effect; a look at the heads and states that a step goes by.
 */
const DYNAMODB_CALLS = { TransactWriteItems: 5, UpdateItem: 6, PutItem: 3, GetItem: 3 };

/** What `outboxctl cost` reckons with (libs/prices), held to what the local cloud counts. */
describe('an order on its way', () => {
  let counts: RequestCounts;
  beforeAll(async () => {
    const read = await countRequests(stack);
    const received = async (messages: number): Promise<RequestCounts> => {
      const now = await read();
      expect(now('received')).toBeGreaterThanOrEqual(messages);
      return now;
    };
    const patience = { timeoutMs: 60_000, intervalMs: 100 };
    // One after another, so that messages come one by one.
    for (let order = 1; order <= ORDERS; order++) {
      await placeOrder(stack);
      await eventually(() => received((order * (DELIVERIES + EVENTS)) / ORDERS), patience);
    }
    let logged = 0;
    counts = await eventually(
      async () => {
        const [now, before] = [await read(), logged];
        logged = now('logged');
        // All of it is logged, too.
        expect(logged).toBe(before);
        return now;
      },
      { ...patience, intervalMs: 500 },
    );
  });

  it('takes a record of the pipe and an acknowledgement for each event, a message for each delivery, and each once', () => {
    expect(counts('piped')).toBe(EVENTS);
    expect(counts('sent acknowledger')).toBe(EVENTS);
    expect(counts('sent')).toBe(EVENTS + DELIVERIES);
    expect(counts('received')).toBeLessThanOrEqual(SLACK * (EVENTS + DELIVERIES));
  });

  it('takes no more requests and invocations than its cost is reckoned by', () => {
    const batches = counts('invoked consumers') + counts('invoked acknowledger');
    // To send each message, and for each batch to receive and to delete; to hide or to set aside is a request more.
    const ofQueues = counts('sent') + 2 * batches + counts('sqs ChangeMessageVisibility') + counts('sqs SendMessage');
    const counted: Readonly<Partial<Record<Meter, number>>> = {
      httpApiRequest: ORDERS,
      pipeRequest: counts('piped'),
      busEvent: counts('sent acknowledger'),
      sqsRequest: ofQueues,
      lambdaRequest: batches + counts('invoked relay') + counts('invoked api'),
    };
    expect(counted).toEqual(
      Object.fromEntries(METERS.map((meter) => [meter, between(0.5 * reckoned(meter), SLACK * reckoned(meter))])),
    );
  });

  it('logs as much as its cost is reckoned by', () => {
    // Lines differ by the lengths of names and numbers; a function's first line of all is of its start.
    const kilobytes = 1_000_000 * reckoned('loggedGigabyte');
    expect(counts('logged') / 1_000).toEqual(between(0.9 * kilobytes, 1.1 * kilobytes));
  });

  it.each(Object.entries(DYNAMODB_CALLS))('calls %s of DynamoDB %d times', (operation, times) => {
    expect(counts(`dynamodb ${operation}`)).toEqual(between(0.9 * times * ORDERS, SLACK * times * ORDERS));
  });
});

/** Units of a meter that the model has for all of these orders. */
function reckoned(meter: Meter, batch = 1): number {
  const path = { consumers: DELIVERIES / EVENTS, requests: ORDERS / EVENTS, batch };
  const units = eventUnits(path).filter((each) => each.meter === meter);
  return EVENTS * units.reduce((all, each) => all + each.units, 0);
}

/** Any number from one to another. */
function between(from: number, to: number) {
  const told = `a number from ${from.toFixed(1)} to ${to.toFixed(1)}`;
  return {
    $$typeof: Symbol.for('jest.asymmetricMatcher'),
    asymmetricMatch: (value: unknown) => typeof value === 'number' && value >= from && value <= to,
    toAsymmetricMatcher: () => told,
    toString: () => told,
  };
}
