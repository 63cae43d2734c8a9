import type { Engine, Table } from '@outbox/local-cloud-kernel';
import type { BusEvent } from './event';
import type { EventStore } from './event-store';
import { busAddress } from './names';
import type { Router } from './router';

/** A replay; times in epoch milliseconds. */
export interface Replay {
  readonly arn: string;
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly description?: string;
  readonly archiveArn: string;
  readonly busArn: string;
  readonly ruleArns?: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly startedAt: number;
  state: 'STARTING' | 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  reason?: string;
  lastReplayed?: number;
  endedAt?: number;
}

/** Runs replays in the background and goes on with them after a restart. */
export class Replayer {
  readonly replays: Table<Replay>;
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(
    private readonly store: EventStore,
    private readonly router: Router,
    private readonly engine: Pick<Engine, 'store' | 'clock' | 'log'>,
  ) {
    this.replays = engine.store.table('events.replays');
  }

  begin(replay: Replay): void {
    this.#save(replay);
    this.#run(replay);
  }

  cancel(replay: Replay): void {
    replay.state = 'CANCELLING';
    this.#save(replay);
  }

  resume(): void {
    for (const replay of [...this.replays.values()]) if (isActive(replay)) this.#run(replay);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
  }

  #run(replay: Replay): void {
    const work = this.#replay(replay)
      .catch((error: unknown) => {
        this.engine.log('error', 'replay failed', { replay: replay.arn, error: String(error) });
        this.#end(replay, 'FAILED', 'Internal error.');
      })
      .finally(() => this.#running.delete(work));
    this.#running.add(work);
  }

  async #replay(replay: Replay): Promise<void> {
    await this.engine.clock.sleep(0, this.#stopping.signal);
    const archive = this.store.archives.get(replay.archiveArn);
    if (!archive) return this.#end(replay, 'FAILED', 'Archive does not exist.');
    if (replay.state === 'STARTING') replay.state = 'RUNNING';
    const bus = busAddress(replay.busArn, replay);
    for (const event of this.#events(replay)) {
      if (this.#stopping.signal.aborted) return;
      if (replay.state === 'CANCELLING') return this.#end(replay, 'CANCELLED');
      this.router.route(bus, { ...event, replayName: replay.name }, replay.ruleArns);
      replay.lastReplayed = event.time;
      this.#save(replay);
      await this.engine.clock.sleep(0, this.#stopping.signal);
    }
    if (!this.#stopping.signal.aborted) this.#end(replay, replay.state === 'CANCELLING' ? 'CANCELLED' : 'COMPLETED');
  }

  /** What was archived before the replay began and lies in its range, by time; after a restart from where it was. */
  #events(replay: Replay): BusEvent[] {
    const archive = this.store.archives.get(replay.archiveArn);
    if (!archive) return [];
    const from = Math.max(replay.from, replay.lastReplayed ?? replay.from);
    return [...this.store.archived(archive).values()]
      .filter(({ event, archivedAt }) => event.time >= from && event.time < replay.to && archivedAt <= replay.startedAt)
      .map(({ event }) => event)
      .sort((a, b) => a.time - b.time);
  }

  #end(replay: Replay, state: Replay['state'], reason?: string): void {
    replay.state = state;
    if (reason !== undefined) replay.reason = reason;
    replay.endedAt = this.engine.clock.now();
    this.#save(replay);
  }

  #save(replay: Replay): void {
    this.replays.set(replay.arn, replay);
  }
}

export function isActive(replay: Replay): boolean {
  return replay.state === 'STARTING' || replay.state === 'RUNNING' || replay.state === 'CANCELLING';
}
