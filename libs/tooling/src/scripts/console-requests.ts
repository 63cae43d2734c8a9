/** A request that the console of a local stack offers to send. */
export interface ConsoleRequest {
  readonly group: string;
  readonly title: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly repeatable?: boolean;
}

const hourMs = 3_600_000;

/** What there is to try on the example: orders, partners that fail, faults of the local cloud, its clock. */
export function consoleRequests(at: {
  readonly api: string;
  readonly cloud: string;
  readonly partners: string;
}): readonly ConsoleRequest[] {
  const place = (title: string, sku: string): ConsoleRequest => ({
    group: 'Orders',
    title,
    method: 'POST',
    url: `${at.api}/orders`,
    headers: { 'idempotency-key': 'console-{uuid}' },
    body: { customerId: 'c-1', currency: 'EUR', items: [{ sku, quantity: 2, unitPrice: '19.99' }] },
    repeatable: true,
  });
  const partners = (title: string, faults: object): ConsoleRequest => ({
    group: 'Carrier and mail provider',
    title,
    method: 'PUT',
    url: `${at.partners}/_faults`,
    body: faults,
  });
  const faults = (title: string, rates: object): ConsoleRequest => ({
    group: 'Faults of the local cloud',
    title,
    method: 'POST',
    url: `${at.cloud}/_local/faults`,
    body: { seed: 1, rates },
  });
  const clock = (title: string, advanceMs: number): ConsoleRequest => ({
    group: 'Clock of the local cloud',
    title,
    method: 'POST',
    url: `${at.cloud}/_local/clock`,
    body: { advanceMs },
  });
  return [
    place('Place an order', 'sku-1'),
    place('Place an order that can’t be shipped', 'unshippable-1'),
    partners('The carrier refuses every call', { carrier: { 'server-error': 1 } }),
    partners('The mail provider refuses every call', { mail: { 'server-error': 1 } }),
    partners('Both lose every third answer', { carrier: { 'lost-answer': 0.33 }, mail: { 'lost-answer': 0.33 } }),
    partners('Both are well', {}),
    { group: 'Carrier and mail provider', title: 'What they were asked', method: 'GET', url: `${at.partners}/_log` },
    faults('Throttle a tenth of the calls', { throttle: 0.1 }),
    { group: 'Faults of the local cloud', title: 'No faults', method: 'DELETE', url: `${at.cloud}/_local/faults` },
    { group: 'Faults of the local cloud', title: 'What struck', method: 'GET', url: `${at.cloud}/_local/faults` },
    clock('An hour on', hourMs),
    clock('A day on', 24 * hourMs),
    { group: 'Clock of the local cloud', title: 'What time it is', method: 'GET', url: `${at.cloud}/_local/clock` },
    { group: 'Mail of the alarms', title: 'What was mailed', method: 'GET', url: `${at.cloud}/_local/mail` },
  ];
}
