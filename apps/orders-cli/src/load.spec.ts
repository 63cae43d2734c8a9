import { ApiError, NoAnswerError } from './errors';
import type { ApiAnswer } from './orders-client';
import { generateLoad, type Load, type LoadReport } from './load';

const busy = (): Error => new ApiError(503, { title: 'Busy' }, 'POST /orders');
const noAnswer = (): Error => new TypeError('fetch failed');
const late = (): Error => new NoAnswerError('api', 40_000);

/** An API that keeps its promise on keys, in a world whose time passes by sleeping alone. */
function world(refusals: readonly (Error | undefined)[] = [], changed: Error[] = []) {
  const orders = new Map<string, { readonly orderId: string; version: number; readonly placedAt: number }>();
  const confirmed: string[] = [];
  let now = 0;
  let keys = 0;
  let asked = 0;
  const answer = (body: unknown): ApiAnswer => ({ status: 200, body, etag: undefined, location: undefined });
  const refuse = (): void => {
    const refusal = refusals[asked];
    asked += 1;
    if (refusal !== undefined) throw refusal;
  };
  const run = (load: Partial<Load>, stopAfter = Infinity): Promise<LoadReport> => {
    const stop = new AbortController();
    return generateLoad(
      { orders: 10, atOnce: 1, ...load },
      {
        client: {
          create: (_order, key = '') => {
            const order = orders.get(key) ?? { orderId: `o-${orders.size}`, version: 1, placedAt: now };
            // The order is placed even where the answer is lost.
            orders.set(key, order);
            return Promise.resolve().then(() => (refuse(), answer(order)));
          },
          update: (orderId, change, ifMatch) => {
            expect([change, ifMatch]).toEqual([{ status: 'CONFIRMED' }, '1']);
            const refusal = changed.shift();
            if (refusal) return Promise.reject(refusal);
            confirmed.push(orderId);
            return Promise.resolve(answer({}));
          },
        },
        newKey: () => `key-${(keys += 1)}`,
        now: () => now,
        sleep: (ms) => {
          now += ms;
          return Promise.resolve();
        },
        progress: (through) => {
          if (through >= stopAfter) stop.abort();
        },
        stop: stop.signal,
      },
    );
  };
  return { run, orders, confirmed };
}

describe('a generated load', () => {
  it('places every order once and confirms every second one', async () => {
    const { run, orders, confirmed } = world();
    expect(await run({ orders: 25, atOnce: 4 })).toEqual({
      placed: 25,
      confirmed: 13,
      repeated: 0,
      overtaken: 0,
      refused: 0,
      seconds: 0,
    });
    expect(orders.size).toBe(25);
    expect(new Set(confirmed).size).toBe(13);
  });

  it('repeats with the same key what met a busy API or got no answer, waiting longer each time', async () => {
    const { run, orders } = world([busy(), noAnswer(), late()]);
    const report = await run({ orders: 1 });
    expect(report).toMatchObject({ placed: 1, repeated: 3, refused: 0, seconds: 1.4 });
    expect(orders.size).toBe(1);
  });

  it('counts what is refused for good, tells why the first was, and goes on', async () => {
    const refusal = new ApiError(422, { title: 'Invalid order' }, 'POST /orders');
    const { run } = world([refusal, new ApiError(403, { message: 'Forbidden' }, 'POST /orders')]);
    expect(await run({ orders: 3 })).toMatchObject({
      placed: 1,
      repeated: 0,
      refused: 2,
      firstRefusal: 'POST /orders answered 422: Invalid order',
    });
  });

  it('takes an order that a consumer was faster with for no refusal', async () => {
    const { run } = world([], [new ApiError(412, { title: 'The order has changed since' }, 'PATCH /orders/o')]);
    expect(await run({ orders: 3 })).toMatchObject({ placed: 3, confirmed: 1, overtaken: 1, refused: 0 });
  });

  it('says why no answer came', async () => {
    const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED', address: '127.0.0.1', port: 4566 });
    const { run } = world(Array.from({ length: 6 }, () => new TypeError('fetch failed', { cause })));
    expect(await run({ orders: 1 })).toMatchObject({
      refused: 1,
      firstRefusal: 'nothing listens at 127.0.0.1:4566: ECONNREFUSED',
    });
  });

  it('gives up a request that the API is too busy for six times', async () => {
    const { run } = world(Array.from({ length: 6 }, busy));
    expect(await run({ orders: 1 })).toMatchObject({ placed: 0, repeated: 5, refused: 1 });
  });

  it.each([{}, { perSecond: 4 }])(
    'begins no order once it is told to stop, and tells what it did (%j)',
    async (pace) => {
      const { run, orders } = world();
      expect(await run({ orders: 20, ...pace }, 5)).toMatchObject({ placed: 5, confirmed: 3, refused: 0 });
      expect(orders.size).toBe(5);
    },
  );

  it('keeps to the orders a second that were asked for', async () => {
    const { run, orders } = world();
    expect(await run({ orders: 20, perSecond: 4 })).toMatchObject({ placed: 20, seconds: 4.75 });
    expect([...orders.values()].map(({ placedAt }) => placedAt)).toEqual(
      Array.from({ length: 20 }, (_, number) => number * 250),
    );
  });
});
