import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '@outbox/testing';
import type { AcceptedOrder, ToldImport } from './accepted-order';
import { NoAnswer } from './client';
import type { Finding } from './finding';
import type { ImportedOrder, ImportJob, ImportRequest } from './import-job';
import { orderItems } from './order-items';
import { nextStatuses, type OrderChange } from './order-status';

const MOST_ROUNDS = 3;
const MOST_EVENTS = 3;
const UNSHIPPABLE = 0.15;
/** Chance that a writer goes by what it read a round before. */
const STALE = 0.3;
/** Between two rounds, so that the shipment's booking gets its turn. */
const LONGEST_WAIT_MS = 1_200;
/** A job that returns nothing definite for so long never does. */
const GIVE_UP_MS = 3 * 60_000;
const BACK_OFF = { firstMs: 50, longestMs: 2_000 };

/** What `ImportClient` needs of the job. */
export type ImportPort = Pick<ImportJob, 'run' | 'read'>;

/**
 * Imports one order with what happened to it, then has two writers at a time go on with it: each commits one to three
 * events at once, on top of the version that it knows, which may be an old one. Nobody but the outbox's head keeps them
 * apart: the job writes the order's item without a condition.
 */
export class ImportClient {
  readonly #findings: Finding[] = [];
  readonly #imports: ToldImport[] = [];
  readonly #orderId: string;
  readonly #isShippable: boolean;

  constructor(
    private readonly job: ImportPort,
    private readonly random: Random,
    /** Unique in the stack. */
    private readonly name: string,
    private readonly sleep: (ms: number) => Promise<unknown> = delay,
  ) {
    this.#orderId = `${name}-imported`;
    this.#isShippable = !random.chance(UNSHIPPABLE);
  }

  async run(): Promise<AcceptedOrder> {
    const [orderId, customerId] = [this.#orderId, this.name];
    const items = orderItems(this.random, this.#isShippable);
    const changes = this.#changes('PLACED', MOST_EVENTS - 1);
    await this.#commit({ place: { customerId, currency: 'EUR', items }, changes });
    let known = await this.#read();
    let older = known;
    for (let left = this.random.int(1, MOST_ROUNDS); left > 0; left -= 1) {
      if (nextStatuses(known.status).length === 0) break;
      await this.sleep(this.random.int(0, LONGEST_WAIT_MS));
      const bases = [known, this.random.chance(STALE) ? older : known];
      await Promise.all(
        bases.map((before) => this.#commit({ before, changes: this.#changes(before.status, MOST_EVENTS, 1) })),
      );
      [older, known] = [known, await this.#read()];
    }
    return {
      orderId,
      customerId,
      isShippable: this.#isShippable,
      told: { kind: 'imports', imports: this.#imports },
      findings: this.#findings,
    };
  }

  /** Asks until it is told how the commit ended. */
  async #commit(what: Pick<ImportRequest, 'before' | 'place' | 'changes'>): Promise<void> {
    const name = `${this.name}-import-${this.#imports.length + 1}-${this.random.int(0, 1_000_000)}`;
    const request = { ...what, orderId: this.#orderId, correlationId: name };
    const after = what.before?.version ?? 0;
    const events = what.changes.length + (what.place ? 1 : 0);
    const deadline = performance.now() + GIVE_UP_MS;
    let isUncertain = false;
    for (let attempt = 1; performance.now() < deadline; attempt += 1) {
      const reply = await this.job.run(request);
      if (reply?.kind === 'committed' || reply?.kind === 'conflict') {
        this.#imports.push({ name, after, events, outcome: reply, isUncertain });
        return;
      }
      if (reply?.kind === 'refused') {
        this.#findings.push({
          kind: 'wrong-answer',
          subject: this.#orderId,
          detail: `${name}: ${JSON.stringify(reply)}`,
        });
        return;
      }
      isUncertain = true;
      await this.sleep(this.random.next() * Math.min(BACK_OFF.longestMs, BACK_OFF.firstMs * 2 ** attempt));
    }
    this.#findings.push({ kind: 'stuck', subject: this.#orderId, detail: `${name}: no definite answer` });
  }

  /** @throws NoAnswer when there is no such order, or nobody to ask for minutes: the engine may be down for a while */
  async #read(): Promise<ImportedOrder> {
    const deadline = performance.now() + GIVE_UP_MS;
    for (;;) {
      try {
        const order = await this.job.read(this.#orderId);
        if (order !== undefined) return order;
        throw new NoAnswer(`${this.#orderId}: imported, and not in the table`);
      } catch (error) {
        if (error instanceof NoAnswer || performance.now() >= deadline) throw error;
        await this.sleep(BACK_OFF.longestMs);
      }
    }
  }

  /** Legal steps from a status, one after the other; none that ships what the carrier doesn't take. */
  #changes(from: string, most: number, least = 0): OrderChange[] {
    const changes: OrderChange[] = [];
    let status = from;
    for (let left = this.random.int(least, most); left > 0; left -= 1) {
      const change = this.#change(status);
      if (change === undefined) break;
      changes.push(change);
      status = change.status ?? status;
    }
    return changes;
  }

  #change(status: string): OrderChange | undefined {
    if (status === 'PLACED' && this.random.chance(0.5)) return { items: orderItems(this.random, true) };
    const [forward, ...others] = nextStatuses(status).filter((one) => one !== 'SHIPPED' || this.#isShippable);
    if (forward === undefined) return undefined;
    return { status: this.random.pick([forward, forward, ...others]) };
  }
}
