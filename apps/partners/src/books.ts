import type { Entry } from './entry';
import { Journal } from './journal';
import { Records } from './records';

/** Milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

export interface Ids {
  next(): string;
}

/** An entry without its time. */
export type Happening = Entry extends infer Each ? (Each extends Entry ? Omit<Each, 'at'> : never) : never;

/** What the partners know, kept in a journal. */
export class Books {
  readonly records = new Records();
  readonly #journal: Journal;

  /** @throws JournalError when what an earlier process wrote can't be read */
  constructor(
    file: string,
    private readonly clock: Clock,
    readonly ids: Ids,
  ) {
    this.#journal = new Journal(file, (entry) => this.records.apply(entry));
  }

  /** The present time, ISO 8601. */
  get now(): string {
    return this.after(0);
  }

  /** The time in so many milliseconds, ISO 8601. */
  after(ms: number): string {
    return new Date(this.clock.now() + ms).toISOString();
  }

  /** Writes down what happens now. */
  add(happening: Happening): void {
    const entry: Entry = { at: this.now, ...happening };
    this.#journal.add(entry);
    this.records.apply(entry);
  }

  close(): void {
    this.#journal.close();
  }
}
