import { randomUUID } from 'node:crypto';
import { eventually } from '@outbox/testing';
import { identity, type Api } from './identity';
import { localOutputs } from './stack';
import { root, run, target, type Finished } from './target';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Where `location` leads from the request's URL. */
  readonly location: string | undefined;
  readonly body: Record<string, unknown>;
}

/**
 * One HTTP request to the stack's API, by whoever the environment's credentials or its OUTBOX_TOKEN are; `body` goes out
 * as it is when it is text or bytes, else as JSON.
 */
export async function request(
  api: Api,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const payload =
    body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const draft = {
    method,
    url: api.api_endpoint + path,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(payload === undefined ? {} : { body: payload as string }),
  };
  const response = await fetch(draft.url, { ...draft, headers: { ...draft.headers, ...(await identity(api, draft)) } });
  const text = await response.text();
  const location = response.headers.get('location');
  return {
    status: response.status,
    headers: response.headers,
    location: location === null ? undefined : new URL(location, response.url).href,
    body: text === '' ? {} : (JSON.parse(text) as Answer['body']),
  };
}

export function newOrder(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    customerId: `customer-${randomUUID()}`,
    currency: 'EUR',
    items: [{ sku: 'sku-1', quantity: 2, unitPrice: '19.99' }],
    ...overrides,
  };
}

/** Places an order and answers its id and body. */
export async function placeOrder(api: Api, order = newOrder()): Promise<{ orderId: string; answer: Answer }> {
  const answer = await request(api, 'POST', '/orders', order, { 'idempotency-key': randomUUID() });
  if (answer.status !== 201) throw new Error(`POST /orders answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return { orderId: String(answer.body['orderId']), answer };
}

/**
 * Places an order and waits until the booking of its shipment has confirmed it: it is at version 2 then. A stack on AWS
 * calls no carrier: there the order is confirmed by hand.
 */
export async function placeConfirmedOrder(api: Api, order = newOrder()): Promise<{ orderId: string }> {
  const { orderId } = await placeOrder(api, order);
  if (target() === 'aws') {
    const { status } = await changeOrder(api, orderId, { status: 'CONFIRMED' }, '"1"');
    if (status !== 200) throw new Error(`the order could not be confirmed: ${status}`);
  } else {
    await waitForStatus(api, orderId, 'CONFIRMED');
  }
  return { orderId };
}

/** Waits until an order has a status, and returns its version as an ETag. */
export async function waitForStatus(api: Api, orderId: string, status: string, headers = {}): Promise<string> {
  return eventually(
    async () => {
      const read = await request(api, 'GET', `/orders/${orderId}`, undefined, headers);
      expect(read.body['status']).toBe(status);
      // The API reads the head before the state: in between, its ETag is one behind what it shows.
      const etag = read.headers.get('etag') ?? '';
      expect(etag).toBe(`"${String(read.body['version'])}"`);
      return etag;
    },
    { timeoutMs: 30_000 },
  );
}

/** Changes an order under a key of its own. */
export function changeOrder(api: Api, orderId: string, change: unknown, ifMatch: string): Promise<Answer> {
  const headers = { 'if-match': ifMatch, 'idempotency-key': randomUUID() };
  return request(api, 'PATCH', `/orders/${orderId}`, change, headers);
}

export interface TraceJson {
  readonly complete: boolean;
  readonly events: readonly {
    readonly type: string;
    readonly sequence: number;
    readonly traceId?: string;
    readonly committedAt: string;
    readonly publishedAt?: string;
    readonly consumers: readonly { readonly consumer: string; readonly state: string; readonly appliedAt?: string }[];
  }[];
}

/** Runs outboxctl as an operator does; its exit code must be one of `expected`. */
export function outboxctl(args: readonly string[], expected: readonly number[] = [0]): Finished {
  return run(`${root}/apps/outboxctl/bin/outboxctl`, [...stackOption(), ...args], process.env, 'pipe', expected);
}

/** Runs the example's command line as a user does; its exit code must be one of `expected`. */
export function orders(args: readonly string[], expected: readonly number[] = [0]): Finished {
  return run(`${root}/apps/orders-cli/bin/orders`, [...stackOption(), ...args], process.env, 'pipe', expected);
}

function stackOption(): string[] {
  return target() === 'aws' ? [] : ['--stack', localOutputs()];
}

/** `outboxctl trace --wait`: the trace once every consumer is done, or as it stood when `seconds` were over. */
export function trace(id: string, seconds = 30, aggregate = 'order'): TraceJson {
  const args = ['--json', 'trace', `${aggregate}/${id}`, '--wait', String(seconds)];
  return JSON.parse(outboxctl(args, [0, 1]).stdout) as TraceJson;
}

/**
 * Every consumer has done every event of the order within `seconds` of real time, or the test fails and names the events
 * and consumers that are not done.
 */
export function expectComplete(id: string, seconds = 60, aggregate = 'order'): void {
  const { complete, events } = trace(id, seconds, aggregate);
  expect({ complete, waiting: events.flatMap(waitsFor) }).toEqual({ complete: true, waiting: [] });
}

/** Consumers that have not done every event of the order. */
export function pendingConsumers(orderId: string): string[] {
  const consumers = trace(orderId, 1).events.flatMap((event) => event.consumers);
  return [...new Set(consumers.filter(({ state }) => state === 'pending').map(({ consumer }) => consumer))];
}

function waitsFor({ type, sequence, publishedAt, consumers }: TraceJson['events'][number]): string[] {
  const event = `${type} ${sequence}${publishedAt === undefined ? ', unacknowledged,' : ''}`;
  const open = consumers.filter(({ state }) => state === 'pending');
  return open.map(({ consumer }) => `${event} to be done by ${consumer}`);
}
