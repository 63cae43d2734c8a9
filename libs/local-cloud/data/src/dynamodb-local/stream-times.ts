import type { Engine, Table } from '@outbox/local-cloud-kernel';
import type { Place } from '../place';
import type { LocalClient } from './local-client';
import { nextSequence } from './position';

interface Epochs {
  /** From which sequence number on the engine's clock was ahead of the real one by how many milliseconds. */
  readonly since: readonly { readonly sequence: string; readonly offsetMs: number }[];
}

/**
 * When a stream's records were made, by the engine's clock. DynamoDB Local stamps them with real time, and a clock
 * that jumps between two writes makes the earlier record old, not the later one: so every jump is noted with the place
 * in the stream where it happened.
 */
export class StreamTimes {
  readonly #epochs: Table<Epochs>;

  constructor(
    private readonly engine: Pick<Engine, 'clock' | 'store'>,
    private readonly client: LocalClient,
  ) {
    this.#epochs = engine.store.table('dynamodb.stream-times');
  }

  /** To be called before a write to the stream's table is sent. Costs nothing unless the clock has jumped. */
  async beforeWrite(place: Place, streamArn: string): Promise<void> {
    const offsetMs = this.engine.clock.offsetMs;
    const since = this.#epochs.get(streamArn)?.since ?? [];
    if ((since.at(-1)?.offsetMs ?? 0) === offsetMs) return;
    const sequence = await nextSequence(this.client, place, streamArn);
    this.#epochs.set(streamArn, { since: [...since, { sequence: String(sequence), offsetMs }] });
  }

  /** Milliseconds to add to the real time of the record of that number. */
  offsetOf(streamArn: string, sequence: string): number {
    const since = this.#epochs.get(streamArn)?.since ?? [];
    const number = BigInt(sequence || '0');
    return since.findLast((epoch) => BigInt(epoch.sequence) <= number)?.offsetMs ?? 0;
  }
}
