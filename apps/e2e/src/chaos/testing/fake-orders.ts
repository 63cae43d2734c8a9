import type { Random } from '@outbox/testing';
import type { ApiRequest, Reply } from '../client';
import { isLegal, type OrderChange } from '../order-status';

/** What a fake may do wrong. */
export type Defect =
  | 'accepts-stale'
  | 'accepts-illegal'
  | 'refuses-legal'
  | 'fails-current'
  | 'forgets-answers'
  | 'skips-version'
  | 'reads-old';

/**
 * The orders API in memory, with one order, which somebody else changes too, by chance before a request; with a defect
 * if it is told so.
 */
export class FakeOrders {
  /** The order at each version that a client made. */
  readonly accepted = new Map<number, Reply['body']>();
  #order: Reply['body'] = {};
  readonly #replies = new Map<string, Reply>();

  constructor(
    private readonly random: Random,
    private readonly defect?: Defect,
  ) {}

  async send({ method, body, headers }: ApiRequest): Promise<Reply> {
    await Promise.resolve();
    if (method === 'GET') {
      return { status: 200, body: this.defect === 'reads-old' ? (this.accepted.get(1) ?? {}) : this.#order };
    }
    const key = String(headers['idempotency-key']);
    const earlier = this.#replies.get(key);
    if (earlier && this.defect !== 'forgets-answers') return earlier;
    const reply = method === 'POST' ? this.#place() : this.#patch(body as OrderChange, String(headers['if-match']));
    if (reply.status < 300) this.#replies.set(key, reply);
    return reply;
  }

  #place(): Reply {
    this.#order = { orderId: 'o', status: 'PLACED', version: 1 };
    this.accepted.set(1, this.#order);
    return { status: 201, body: this.#order };
  }

  #patch(change: OrderChange, ifMatch: string): Reply {
    if (this.#order['status'] === 'PLACED' && this.random.chance(0.2)) this.#change({ status: 'CONFIRMED' });
    const [version, status] = [Number(this.#order['version']), String(this.#order['status'])];
    const isStale = ifMatch !== '*' && ifMatch !== `"${version}"`;
    if ((isStale && this.defect !== 'accepts-stale') || this.defect === 'fails-current') {
      return { status: 412, body: { type: 'if-match-stale' } };
    }
    if ((!isLegal(status, change) && this.defect !== 'accepts-illegal') || this.defect === 'refuses-legal') {
      return { status: 409, body: { type: 'urn:outbox:problem:illegal-transition' } };
    }
    this.#change(change);
    if (this.defect === 'skips-version') this.#change({});
    this.accepted.set(Number(this.#order['version']), this.#order);
    return { status: 200, body: this.#order };
  }

  #change(change: OrderChange): void {
    this.#order = { ...this.#order, ...change, version: Number(this.#order['version']) + 1 };
  }
}
