import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One event as stored, times in epoch milliseconds. */
export interface StoredEvent {
  readonly timestamp: number;
  readonly ingestedAt: number;
  readonly message: string;
}

/**
 * The events of each stream in a file of its own, one JSON line per event: logs grow without bound, so they stay out
 * of the engine's memory.
 */
export class EventFiles {
  #made = false;

  constructor(private readonly directory: string) {}

  /** Written when this returns, as an answer to PutLogEvents promises. */
  append(streamId: string, events: readonly StoredEvent[]): void {
    if (!this.#made) mkdirSync(this.directory, { recursive: true });
    this.#made = true;
    appendFileSync(this.#path(streamId), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  }

  /** In the order of arrival; nothing for a stream that was never written to. */
  async read(streamId: string): Promise<StoredEvent[]> {
    let text: string;
    try {
      text = await readFile(this.#path(streamId), 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
    // A kill in the middle of an append leaves half a line at the end.
    const complete = text.slice(0, text.lastIndexOf('\n') + 1);
    return complete
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as StoredEvent);
  }

  remove(streamId: string): void {
    rmSync(this.#path(streamId), { force: true });
  }

  #path(streamId: string): string {
    return join(this.directory, `${streamId}.jsonl`);
  }
}
