import { isDeepStrictEqual } from 'node:util';
import type { ApiRequest, PatientClient, Reply } from './client';
import type { Finding } from './finding';
import type { Random } from './random';

/** What one client was told about its order. */
export interface AcceptedOrder {
  readonly orderId: string;
  readonly customerId: string;
  /** The version after the last change that was answered with 200. */
  readonly version: number;
  readonly findings: readonly Finding[];
}

const NEXT: Readonly<Record<string, readonly string[]>> = {
  PLACED: ['CONFIRMED', 'CONFIRMED', 'CONFIRMED', 'CANCELLED'],
  CONFIRMED: ['SHIPPED', 'SHIPPED', 'CANCELLED'],
  SHIPPED: ['DELIVERED'],
};

const MOST_CHANGES = 3;
/** Chance that a request is sent twice at the same time, and that it is sent again after its answer. */
const TWICE = 0.08;
const AGAIN = 0.08;
/** Chance that two clients change the same version at the same time. */
const RACE = 0.1;

/** Places an order and changes it up to three times, as customers do: impatient ones twice, forgetful ones again. */
export class OrderClient {
  readonly #findings: Finding[] = [];
  #request = 0;

  constructor(
    private readonly client: PatientClient,
    private readonly random: Random,
    /** Unique in the stack; every Idempotency-Key of this client starts with it. */
    private readonly name: string,
  ) {}

  async run(): Promise<AcceptedOrder> {
    const customerId = this.name;
    const created = await this.#ask('POST', '/orders', { customerId, currency: 'EUR', items: this.#items() });
    const orderId = String(created.body['orderId']);
    if (created.status !== 201) this.#wrong(orderId, `POST /orders answered ${describe(created)}`);
    let version = 1;
    let status = 'PLACED';
    for (let left = this.random.int(0, MOST_CHANGES); left > 0 && status in NEXT; left -= 1) {
      const changed = await this.#change(orderId, version, status);
      if (!changed) break;
      version += 1;
      status = String(changed.body['status']);
    }
    return { orderId, customerId, version, findings: this.#findings };
  }

  /** One change, or two of which exactly one may win. */
  async #change(orderId: string, version: number, status: string): Promise<Reply | undefined> {
    const bodies = this.random.chance(RACE) ? [this.#body(status), this.#body(status)] : [this.#body(status)];
    const replies = await Promise.all(
      bodies.map((body) => this.#ask('PATCH', `/orders/${orderId}`, body, { 'if-match': `"${version}"` })),
    );
    const won = replies.filter((reply) => reply.status === 200);
    const rest = replies.filter((reply) => reply.status !== 200 && reply.status !== 412);
    if (won.length !== 1 || rest.length > 0) {
      this.#wrong(orderId, `changes of version ${version} were answered ${replies.map(describe).join(' and ')}`);
    }
    return won[0];
  }

  #body(status: string): Readonly<Record<string, unknown>> {
    if (status === 'PLACED' && this.random.chance(0.4)) return { items: this.#items() };
    return { status: this.random.pick(NEXT[status] ?? []) };
  }

  #items(): readonly Readonly<Record<string, unknown>>[] {
    return Array.from({ length: this.random.int(1, 4) }, (_, line) => ({
      sku: `sku-${line + 1}`,
      quantity: this.random.int(1, 9),
      unitPrice: `${this.random.int(1, 99)}.${this.random.int(10, 99)}`,
    }));
  }

  async #ask(
    method: ApiRequest['method'],
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    this.#request += 1;
    const key = `${this.name}-request-${this.#request}`;
    const request = { method, path, body, headers: { ...headers, 'idempotency-key': key } };
    const copies = this.random.chance(TWICE) ? 2 : 1;
    const again = this.random.chance(AGAIN);
    const replies = await Promise.all(Array.from({ length: copies }, () => this.client.send(request, this.random)));
    if (again) replies.push(await this.client.send(request, this.random));
    const [first, ...others] = replies;
    if (!first) throw new Error('a request without a reply');
    // Whoever lost a race may be told of a newer version at every repeat: only what was carried out is repeated word by word.
    for (const other of others) {
      if (first.status === other.status && (first.status >= 400 || isDeepStrictEqual(first.body, other.body))) continue;
      this.#wrong(key, `the same request was answered ${describe(first)} and ${describe(other)}`);
    }
    return first;
  }

  #wrong(subject: string, detail: string): void {
    this.#findings.push({ kind: 'wrong-answer', subject, detail });
  }
}

function describe({ status, body }: Reply): string {
  return `${status} ${JSON.stringify(body).slice(0, 300)}`;
}
