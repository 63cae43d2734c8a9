import { SETTLING_MS } from '../describe';
import type { MappingRecord, Mappings } from './mappings';
import { MappingRunner, type RunnerParts } from './runner';
import { StreamMappingRunner } from './stream-runner';

/** Keeps a poller running for every enabled mapping. */
export class MappingRunners {
  readonly #runners = new Map<string, MappingRunner | StreamMappingRunner>();
  readonly #ending = new Set<Promise<void>>();
  readonly #parts: RunnerParts;

  constructor(
    parts: Omit<RunnerParts, 'report'>,
    private readonly mappings: Mappings,
  ) {
    this.#parts = { ...parts, report: (uuid, result) => this.#report(uuid, result) };
  }

  /** Resumes what an earlier run left: polls what is enabled, finishes deletions. */
  start(): void {
    for (const mapping of this.mappings.all()) this.apply(mapping);
  }

  /** Makes the poller follow the mapping's record: restarted, stopped, or stopped and the record deleted. */
  apply(mapping: MappingRecord): void {
    const old = this.#runners.get(mapping.uuid);
    this.#runners.delete(mapping.uuid);
    const ended = old?.stop() ?? Promise.resolve();
    if (mapping.state === 'Enabled') this.#runners.set(mapping.uuid, this.#runnerOf(mapping));
    if (mapping.state === 'Deleting') this.#track(ended.then(() => this.#forget(mapping.uuid)));
    else this.#track(ended);
  }

  #runnerOf(mapping: MappingRecord): MappingRunner | StreamMappingRunner {
    const { stream } = mapping;
    if (!stream) return new MappingRunner(this.#parts, mapping);
    return new StreamMappingRunner(this.#parts, mapping, stream, this.mappings.positions);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop()));
    await Promise.all(this.#ending);
  }

  #forget(uuid: string): Promise<void> {
    return this.#parts.engine.clock.sleep(SETTLING_MS).then(() => this.mappings.delete(uuid));
  }

  #track(ending: Promise<void>): void {
    const tracked: Promise<void> = ending.finally(() => this.#ending.delete(tracked));
    this.#ending.add(tracked);
  }

  /** Saved only when it changed, so that a busy queue does not write the mapping for every batch. */
  #report(uuid: string, lastResult: string): void {
    const mapping = this.mappings.find(uuid);
    if (mapping && mapping.lastResult !== lastResult) this.mappings.save({ ...mapping, lastResult });
  }
}
