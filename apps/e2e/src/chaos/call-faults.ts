import type { FaultKind } from '@outbox/local-cloud-client';
import type { CrashingCloud } from './local-cloud';

/** The faults of single calls over a run: on and off again, counted in total. */
export class CallFaults {
  readonly #counts = new Map<string, number>();
  #starts = 0;

  constructor(
    private readonly cloud: CrashingCloud,
    private readonly seed: number,
    private readonly rates: Readonly<Partial<Record<FaultKind, number>>>,
  ) {}

  /** With other choices at each start, or every pause would bring the same ones again. */
  async start(): Promise<void> {
    this.#starts += 1;
    await this.cloud.startFaults((this.seed + this.#starts * 7_919) % Number.MAX_SAFE_INTEGER, this.rates);
  }

  async stop(): Promise<void> {
    this.#add(await this.cloud.stopFaults());
  }

  /** Before the engine dies: what it counted dies with it. */
  async note(): Promise<void> {
    this.#add((await this.cloud.faults()).counts);
  }

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(Object.keys(this.rates).map((kind) => [kind, this.#counts.get(kind) ?? 0]));
  }

  #add(counts: Readonly<Record<string, number>>): void {
    for (const [kind, count] of Object.entries(counts)) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + count);
  }
}
