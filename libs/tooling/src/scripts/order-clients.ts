import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { programOf } from './own-stack.ts';
import { request } from './request.ts';

/** `orders --json …`, the example's command line, on the stack that the environment names. */
export const orders = programOf('orders');

/** No faster than the machine: it is the time of the apply that counts, not how many orders fall into it. */
const betweenOrdersMs = 250;

/** What the clients did. */
export interface ClientReport {
  readonly placed: number;
  readonly changed: number;
  /** The order that was changed last; absent when none was. */
  readonly lastChanged?: string;
  /** Answers other than the ones asked for. */
  readonly refused: readonly string[];
}

/** Customers at work on a stack. */
export interface Clients {
  /** Resolves once so many orders are placed. */
  readonly placed: (orders: number) => Promise<void>;
  readonly stop: () => Promise<ClientReport>;
}

/**
 * Customers who place orders and confirm every second one, a request after the other, until they are stopped. An order
 * that the saga confirmed first is no refusal.
 */
export function startClients(endpoint: string, customers = 2, pauseMs = betweenOrdersMs): Clients {
  let stopped = false;
  let placed = 0;
  let changed = 0;
  let lastChanged: string | undefined;
  const refused: string[] = [];
  const waiting: { readonly orders: number; readonly resolve: () => void }[] = [];

  const customer = async (): Promise<void> => {
    for (; !stopped; await delay(pauseMs)) {
      const created = await placeOrder(endpoint);
      if (created.status !== 201) {
        refused.push(`POST /orders: ${created.status} ${created.text}`);
        continue;
      }
      placed += 1;
      for (const { orders, resolve } of waiting) if (placed >= orders) resolve();
      if (placed % 2 === 0) continue;
      const { orderId } = JSON.parse(created.text) as { orderId: string };
      const etag = created.etag ?? '';
      const path = `/orders/${orderId}`;
      const confirmed = await send(endpoint, 'PATCH', path, { status: 'CONFIRMED' }, { 'if-match': etag });
      if (confirmed.status === 200) [changed, lastChanged] = [changed + 1, orderId];
      else if (confirmed.status !== 412 || !(await isConfirmed(endpoint, path))) {
        refused.push(`PATCH ${path}: ${confirmed.status} ${confirmed.text}`);
      }
    }
  };
  const running = Promise.all(Array.from({ length: customers }, customer));
  return {
    placed: (orders) =>
      Promise.race([
        new Promise<void>((resolve) => {
          if (placed >= orders) resolve();
          else waiting.push({ orders, resolve });
        }),
        running.then(() => undefined),
      ]),
    stop: async () => {
      stopped = true;
      await running;
      return { placed, changed, refused, ...(lastChanged === undefined ? {} : { lastChanged }) };
    },
  };
}

const order = { customerId: 'c-1', currency: 'EUR', items: [{ sku: 'sku-1', quantity: 2, unitPrice: '19.99' }] };

/** What the API answered; `text` is its body. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly etag: string | null;
}

/** One order, placed with a key of its own. */
export function placeOrder(endpoint: string): Promise<Answer> {
  return send(endpoint, 'POST', '/orders', order, { 'idempotency-key': randomUUID() });
}

async function isConfirmed(endpoint: string, path: string): Promise<boolean> {
  const { status, text } = await send(endpoint, 'GET', path);
  return status === 200 && (JSON.parse(text) as { status: string }).status === 'CONFIRMED';
}

async function send(
  endpoint: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await request(endpoint + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text(), etag: response.headers.get('etag') };
}
