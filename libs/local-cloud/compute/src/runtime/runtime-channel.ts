import type { Duplex } from 'node:stream';
import { createFrames } from './bootstrap/create-frames';
import type { Frames, FromProcess, ToProcess } from './bootstrap/types';

/** What is done with what a process says. */
export interface RuntimeEvents {
  /** It asks for an event. */
  next(): void;
  /** How the event with that id ended; without an id, the error that ended the init phase. */
  ended(requestId: string | undefined, payload: Uint8Array, failed: boolean, maxMemoryKb: number): void;
}

/** The engine's end of the socket that a function's process has as its Runtime API. */
export class RuntimeChannel {
  readonly #frames: Frames;

  constructor(
    private readonly stream: Duplex,
    events: RuntimeEvents,
  ) {
    // A process that ends, or writes what is no frame, is told by its exit, or by its timeout.
    stream.on('error', () => undefined);
    this.#frames = createFrames(stream, (head, body) => this.#take(head as FromProcess, body, events));
  }

  give(event: Omit<ToProcess & { readonly kind: 'event' }, 'kind'>, payload: Uint8Array): void {
    this.#frames.send({ kind: 'event', ...event }, payload);
  }

  close(): void {
    this.stream.destroy();
  }

  #take(message: FromProcess, body: Buffer, events: RuntimeEvents): void {
    if (message.kind !== 'next') {
      events.ended(message.requestId, body, message.kind === 'error', message.maxMemoryKb);
      // An error may be the last a process does: it asks again itself.
      if (message.kind === 'error') return this.#frames.send({ kind: 'taken' }, '');
    }
    events.next();
  }
}
