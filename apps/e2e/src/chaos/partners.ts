import type { OutsideLog } from './judge-outside';

/** Chances, 0 to 1, for what may go wrong with a request. */
export type PartnerRates = Readonly<Record<'throttle' | 'server-error' | 'slow' | 'lost-answer', number>>;

/** The carrier and the mail provider from outside: what goes wrong with them, and what they did. */
export class Partners {
  constructor(private readonly origin: string) {}

  /** Switches faults on. */
  async startFaults(seed: number, carrier: PartnerRates, mail: PartnerRates): Promise<void> {
    await this.#ask('PUT', '/_faults', { seed, carrier, mail });
  }

  async stopFaults(): Promise<void> {
    await this.#ask('PUT', '/_faults', {});
  }

  /** What happened at that time (ISO 8601) or later. */
  async log(since: string): Promise<OutsideLog> {
    return (await this.#ask('GET', `/_log?since=${encodeURIComponent(since)}`)) as OutsideLog;
  }

  async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.origin + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} of the partners returned ${response.status}: ${text}`);
    return JSON.parse(text);
  }
}
