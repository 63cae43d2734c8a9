import type { Finding } from './finding';

/** What a run could not do. It goes on to its verdict all the same: each failure is a finding of it. */
export class Failures {
  readonly #findings: Finding[] = [];

  constructor(private readonly report: (text: string) => void) {}

  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** Does it, and returns what it returns; undefined when it failed, which is noted under `subject`. */
  async note<T>(subject: string, action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await action();
    } catch (error) {
      const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.#findings.push({ kind: 'stuck', subject, detail });
      this.report(`${subject}: ${detail}`);
      return undefined;
    }
  }
}
