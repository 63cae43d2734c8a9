import type { Engine, Table } from '@outbox/local-cloud-kernel';

/** A mail as SNS would hand it to a mail server. */
export interface MailText {
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** What a reader of a confirmation follows; notifications have none. */
  readonly confirmUrl?: string;
}

/** A mail that was sent. */
export interface Mail extends MailText {
  readonly id: string;
  readonly to: string;
  /** ISO 8601, of the engine's clock. */
  readonly sentAt: string;
}

/** More than anybody reads; older ones go. */
const MOST_MAILS = 1_000;

/** Where every mail ends: nothing leaves the machine. It is kept over restarts. */
export class Mailbox {
  readonly #mails: Table<Mail>;

  constructor(private readonly engine: Pick<Engine, 'store' | 'clock' | 'ids'>) {
    this.#mails = engine.store.table('sns.mail');
  }

  deliver(to: string, mail: MailText): void {
    const newest = [...this.#mails.keys()].reduce((most, key) => Math.max(most, Number(key)), 0);
    const sentAt = new Date(this.engine.clock.now()).toISOString();
    this.#mails.set(String(newest + 1), { id: this.engine.ids.uuid(), to, sentAt, ...mail });
    this.#mails.delete(String(newest + 1 - MOST_MAILS));
  }

  /** Oldest first; those to one address, or all. */
  list(to?: string): Mail[] {
    return [...this.#mails.entries()]
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, mail]) => mail)
      .filter((mail) => to === undefined || mail.to === to);
  }
}
