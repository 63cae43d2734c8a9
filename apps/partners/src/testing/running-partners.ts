import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Ids } from '../books';
import { startPartners, type Partners, type PartnersOptions } from '../partners';
import type { Log } from '../records';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Partners on a free port with a folder of their own, and a client for them. */
export class RunningPartners {
  readonly #directory = mkdtempSync(join(tmpdir(), 'partners-'));
  #partners: Partners | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly options: Pick<PartnersOptions, 'wait'> = {},
  ) {}

  async start(): Promise<void> {
    const { clock, ids, options } = this;
    this.#partners = await startPartners({ port: 0, directory: this.#directory, clock, ids, ...options });
  }

  async stop(): Promise<void> {
    await this.#partners?.stop();
    rmSync(this.#directory, { recursive: true });
  }

  /** Ends them and starts them again from their journal. */
  async restart(): Promise<void> {
    await this.#partners?.stop();
    await this.start();
  }

  get journal(): string {
    return join(this.#directory, 'journal.jsonl');
  }

  /** @throws TypeError when the connection was cut in place of an answer */
  async send(
    method: string,
    path: string,
    body?: unknown,
    key?: string,
    signal?: AbortSignal,
    traceparent?: string,
  ): Promise<Reply> {
    const response = await fetch(`${this.#partners?.origin}${path}`, {
      method,
      headers: {
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(traceparent === undefined ? {} : { traceparent }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
  }

  book(key: string, order = booking, signal?: AbortSignal): Promise<Reply> {
    return this.send('POST', '/carrier/bookings', order, key, signal);
  }

  mail(key: string, message = mail): Promise<Reply> {
    return this.send('POST', '/mail/messages', message, key);
  }

  async setFaults(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const { status, body } = await this.send('PUT', '/_faults', settings);
    if (status !== 200) throw new Error(`PUT /_faults returned ${status}: ${JSON.stringify(body)}`);
  }

  async log(since?: string): Promise<Log> {
    const { body } = await this.send('GET', since === undefined ? '/_log' : `/_log?since=${since}`);
    return body as unknown as Log;
  }
}

export const booking = { reference: 'o-1', parcels: [{ sku: 'sku-1', quantity: 2 }] };
export const mail = { to: 'c-1@example.com', subject: 'Your order o-1', text: 'It is on its way.' };
