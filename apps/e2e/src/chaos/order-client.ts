import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Random } from '@outbox/testing';
import type { AcceptedOrder } from './accepted-order';
import type { ApiRequest, PatientClient, Reply } from './client';
import type { Finding } from './finding';
import { isLegal, nextStatuses, type OrderChange } from './order-status';
import { orderItems } from './order-items';

const MOST_CHANGES = 3;
/** Chance that a request is sent twice at the same time, and that it is sent again after its answer. */
const TWICE = 0.08;
const AGAIN = 0.08;
/** Chance that two clients change the same version at the same time. */
const RACE = 0.1;
/** Chance that the carrier doesn't take the order, and that the customer has second thoughts at once. */
const UNSHIPPABLE = 0.1;
const REGRETTED = 0.1;
/** Chance that a change is asked for that isn't allowed. */
const ILLEGAL = 0.05;
/** Chance that a cancellation is meant for whatever version there is. */
const ANY_VERSION = 0.3;
/** Chance that a customer waits before a change, which leaves time for the shipment's booking, and how long. */
const WAITS = 0.5;
const LONGEST_WAIT_MS = 1_200;

/** A version of the order as the client knows it. */
interface Known {
  readonly version: number;
  readonly status: string;
}

/**
 * Places an order and changes it up to three times, as customers do: impatient ones twice, forgetful ones again. The
 * order is also changed by what becomes of its shipment: whoever is told so reads it again and decides anew.
 */
export class OrderClient {
  readonly #findings: Finding[] = [];
  readonly #answers = new Map<number, Reply['body']>();
  readonly #isShippable: boolean;
  #request = 0;

  constructor(
    private readonly client: Pick<PatientClient, 'send'>,
    private readonly random: Random,
    /** Unique in the stack; every Idempotency-Key of this client starts with it. */
    private readonly name: string,
    private readonly sleep: (ms: number) => Promise<unknown> = delay,
  ) {
    this.#isShippable = !random.chance(UNSHIPPABLE);
  }

  async run(): Promise<AcceptedOrder> {
    const customerId = this.name;
    const items = orderItems(this.random, this.#isShippable);
    const created = await this.#ask('POST', '/orders', { customerId, currency: 'EUR', items });
    const orderId = String(created.body['orderId']);
    if (created.status !== 201) this.#wrong(orderId, `POST /orders answered ${describe(created)}`);
    this.#answers.set(1, created.body);
    let known: Known = { version: 1, status: 'PLACED' };
    if (this.random.chance(REGRETTED)) known = await this.#change(orderId, known, { status: 'CANCELLED' });
    for (let left = this.random.int(0, MOST_CHANGES); left > 0; left -= 1) {
      if (nextStatuses(known.status).length === 0) break;
      if (this.random.chance(WAITS)) await this.sleep(this.random.int(0, LONGEST_WAIT_MS));
      known = await this.#change(orderId, known, this.#wish(known.status));
    }
    return {
      orderId,
      customerId,
      isShippable: this.#isShippable,
      told: { kind: 'answers', answers: this.#answers },
      findings: this.#findings,
    };
  }

  /** One change, or two of which one may win. Resolves to the order as it is known then. */
  async #change(orderId: string, known: Known, wish: OrderChange): Promise<Known> {
    const isForAny = wish.status === 'CANCELLED' && this.random.chance(ANY_VERSION);
    if (isForAny) return this.#cancelAny(orderId, known);
    const wishes = this.random.chance(RACE) ? [wish, this.#wish(known.status)] : [wish];
    const replies = await Promise.all(wishes.map((one) => this.#patch(orderId, one, `"${known.version}"`)));
    const isExpected = ({ status, body }: Reply, change: OrderChange): boolean =>
      status === 412 ||
      (isLegal(known.status, change)
        ? status === 200 && body['version'] === known.version + 1
        : status === 409 && isRefusal(body));
    const won = replies.filter(({ status }) => status === 200);
    const areExpected = replies.every((reply, index) => isExpected(reply, wishes[index] ?? {}));
    if (won.length > 1 || !areExpected) {
      const told = replies.map(describe).join(' and ');
      this.#wrong(orderId, `${JSON.stringify(wishes)} of version ${known.version} (${known.status}): ${told}`);
    }
    const [winner] = won;
    if (winner) return this.#accept(orderId, winner);
    return replies.some(({ status }) => status === 412) ? this.#readAgain(orderId, known) : known;
  }

  /** Cancels the order whatever became of it meanwhile, unless it is cancelled or shipped by now. */
  async #cancelAny(orderId: string, known: Known): Promise<Known> {
    const reply = await this.#patch(orderId, { status: 'CANCELLED' }, '*');
    if (reply.status === 200) {
      if (Number(reply.body['version']) <= known.version) this.#wrong(orderId, `cancelled again: ${describe(reply)}`);
      return this.#accept(orderId, reply);
    }
    if (reply.status !== 409 || !isRefusal(reply.body)) this.#wrong(orderId, `to be cancelled: ${describe(reply)}`);
    const now = await this.#readAgain(orderId, known);
    if (isLegal(now.status, { status: 'CANCELLED' })) {
      this.#wrong(orderId, `could not be cancelled, and is ${now.status}: ${describe(reply)}`);
    }
    return now;
  }

  /** Somebody else changed the order: it must have gone on. */
  async #readAgain(orderId: string, known: Known): Promise<Known> {
    const reply = await this.client.send({ method: 'GET', path: `/orders/${orderId}`, headers: {} }, this.random);
    const now = knownFrom(reply);
    if (reply.status !== 200 || now.version <= known.version) {
      this.#wrong(orderId, `changed since version ${known.version}, and read as ${describe(reply)}`);
    }
    return now;
  }

  #accept(orderId: string, reply: Reply): Known {
    const now = knownFrom(reply);
    if (this.#answers.has(now.version)) this.#wrong(orderId, `two changes won version ${now.version}`);
    this.#answers.set(now.version, reply.body);
    return now;
  }

  #wish(status: string): OrderChange {
    const isIllegal = this.random.chance(ILLEGAL);
    if (isIllegal && status !== 'SHIPPED') return { status: 'DELIVERED' };
    if (status === 'PLACED' && this.random.chance(0.4)) return { items: orderItems(this.random, true) };
    // What the carrier doesn't take is shipped by nobody; more orders are confirmed than cancelled.
    const next = nextStatuses(status).filter((one) => one !== 'SHIPPED' || this.#isShippable);
    return { status: this.random.pick(next.length > 1 ? [...next.slice(0, 1), ...next] : next) };
  }

  #patch(orderId: string, body: OrderChange, ifMatch: string): Promise<Reply> {
    return this.#ask('PATCH', `/orders/${orderId}`, body, { 'if-match': ifMatch });
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
    for (const other of others) {
      if (!isSameAnswer(first, other)) {
        this.#wrong(key, `the same request was answered ${describe(first)} and ${describe(other)}`);
      }
    }
    return first;
  }

  #wrong(subject: string, detail: string): void {
    this.#findings.push({ kind: 'wrong-answer', subject, detail });
  }
}

/**
 * What was carried out is answered word by word as the first time. What was refused is refused again, though perhaps for
 * another version by then.
 */
function isSameAnswer(first: Reply, other: Reply): boolean {
  if (first.status < 400) return first.status === other.status && isDeepStrictEqual(first.body, other.body);
  const refusals = [409, 412];
  return first.status === other.status || (refusals.includes(first.status) && refusals.includes(other.status));
}

/** The order's status rules the change out. */
function isRefusal(body: Reply['body']): boolean {
  return /illegal-transition|items-fixed/.test(String(body['type']));
}

function knownFrom({ body }: Reply): Known {
  return { version: Number(body['version']), status: String(body['status']) };
}

function describe({ status, body }: Reply): string {
  return `${status} ${JSON.stringify(body).slice(0, 300)}`;
}
