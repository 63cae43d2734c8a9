import { setTimeout as delay } from 'node:timers/promises';
import { placeOrder } from '../order-clients.ts';
import { UserError } from '../settings.ts';

const MOST_BUSY = 100;
const BUSY_MS = 200;

/** A customer of the API, and how it went so far. */
export interface Customer {
  /** Places an order; returns its id. @throws UserError when the API refuses it */
  readonly place: () => Promise<string>;
  readonly placed: () => number;
  /** Requests that the API was too busy for. */
  readonly busy: () => number;
}

/** Places orders through the API at `endpoint`. */
export function customerOf(endpoint: string): Customer {
  let placed = 0;
  let busy = 0;
  const place = async (): Promise<string> => {
    for (;;) {
      const { status, text } = await placeOrder(endpoint);
      if (status === 503 && busy < MOST_BUSY) {
        // On a machine with too much to do a commit may run out of time. A client waits, and it counts as waiting.
        busy += 1;
        await delay(BUSY_MS);
        continue;
      }
      if (status !== 201) throw new UserError(`POST /orders was answered ${status}: ${text}`);
      placed += 1;
      return (JSON.parse(text) as { orderId: string }).orderId;
    }
  };
  return { place, placed: () => placed, busy: () => busy };
}
