import { explain, reasonOf } from '@outbox/cli-kit';
import { ApiError, NoAnswerError } from './errors';
import type { NewOrder, OrdersClient } from './orders-client';

/** A load to put on a stack. */
export interface Load {
  readonly orders: number;
  /** At most so many new orders in a second; as fast as they are answered when left out. */
  readonly perSecond?: number;
  /** Requests under way at a time. */
  readonly atOnce: number;
}

export interface LoadReport {
  readonly placed: number;
  readonly confirmed: number;
  /** Requests sent again, with the same key, because the API was busy or gave no answer. */
  readonly repeated: number;
  /** Orders that somebody else had changed before they could be confirmed: mostly a consumer that was faster. */
  readonly overtaken: number;
  readonly refused: number;
  /** Why the first of the refused was refused. */
  readonly firstRefusal?: string;
  readonly seconds: number;
}

/** What it takes from outside; `now` in epoch milliseconds. */
export interface Surroundings {
  readonly client: Pick<OrdersClient, 'create' | 'update'>;
  readonly newKey: () => string;
  readonly now: () => number;
  readonly sleep: (ms: number, stop?: AbortSignal) => Promise<void>;
  /** Called after each order with how many are through. */
  readonly progress: (orders: number) => void;
  /** No further order is begun once it says so; those begun are finished. */
  readonly stop: AbortSignal;
}

/** The order isn't at the version that the request is based on any more. */
const PRECONDITION_FAILED = 412;
const MOST_ATTEMPTS = 6;
const FIRST_WAIT_MS = 200;

/**
 * Places orders through the HTTP API and confirms every second one. Customers, articles and prices follow from an order's
 * number, so that every run asks for the same. A request that met a busy API (429, 5xx) or no answer is repeated with its
 * key, as a client should: it takes effect once.
 */
export async function generateLoad(
  load: Load,
  { client, newKey, now, sleep, progress, stop }: Surroundings,
): Promise<LoadReport> {
  const started = now();
  const counts = { placed: 0, confirmed: 0, repeated: 0, overtaken: 0, refused: 0 };
  let firstRefusal: string | undefined;
  let next = 0;

  const persistently = async <T>(request: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await request();
      } catch (error) {
        if (attempt === MOST_ATTEMPTS || !isWorthRepeating(error)) throw error;
        counts.repeated += 1;
        await sleep(FIRST_WAIT_MS * 2 ** (attempt - 1));
      }
    }
  };
  const one = async (number: number): Promise<void> => {
    const [placing, confirming] = [newKey(), newKey()];
    const { body } = await persistently(() => client.create(orderOf(number), placing));
    counts.placed += 1;
    if (number % 2 === 1) return;
    const { orderId, version } = body as { readonly orderId: string; readonly version: number };
    try {
      await persistently(() => client.update(orderId, { status: 'CONFIRMED' }, String(version), confirming));
      counts.confirmed += 1;
    } catch (error) {
      if (!(error instanceof ApiError && error.status === PRECONDITION_FAILED)) throw error;
      counts.overtaken += 1;
    }
  };
  const customer = async (): Promise<void> => {
    while (next < load.orders && !stop.aborted) {
      const number = next;
      next += 1;
      if (load.perSecond !== undefined) {
        await sleep(Math.max(0, started + (number * 1000) / load.perSecond - now()), stop);
        if (stop.aborted) return;
      }
      try {
        await one(number);
      } catch (error) {
        counts.refused += 1;
        // The API's address is no part of the environment.
        firstRefusal ??= reasonOf(explain(error, {}));
      }
      progress(counts.placed + counts.refused);
    }
  };
  await Promise.all(Array.from({ length: load.atOnce }, customer));
  const seconds = (now() - started) / 1000;
  return { ...counts, ...(firstRefusal === undefined ? {} : { firstRefusal }), seconds };
}

/** `fetch` says TypeError when the connection gave no answer. */
function isWorthRepeating(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === 429 || error.status >= 500;
  return error instanceof TypeError || error instanceof NoAnswerError;
}

function orderOf(number: number): NewOrder {
  const items = Array.from({ length: 1 + (number % 3) }, (_, index) => ({
    sku: `sku-${1 + ((number + index) % 20)}`,
    quantity: 1 + (number % 4),
    unitPrice: `${5 + ((number + index) % 40)}.99`,
  }));
  return { customerId: `c-${1 + (number % 25)}`, currency: 'EUR', items };
}
