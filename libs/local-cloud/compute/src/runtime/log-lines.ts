import type { Readable } from 'node:stream';

/** Bytes of one log event, and what is cut off. Source: CloudWatch Logs quotas (event size 1 MB with 26 bytes overhead). */
const MAX_EVENT_BYTES = 1_048_550;

/**
 * Reads what a function process writes. A line is one log event, as on Lambda; the bootstrap frames what may hold
 * line breaks (console.*) as `\0` + JSON string, and says with `\0` + `{"done":id}` that an invocation wrote its last.
 */
export class LogLines {
  /** The pieces of a line whose end isn't there yet. They are joined once: at each chunk, it would take quadratic time. */
  #rest: string[] = [];
  #restLength = 0;
  #done = new Set<string>();
  #ended = false;
  #waiting: (() => void)[] = [];

  constructor(
    private readonly stream: Readable,
    private readonly onEvent: (message: string) => void,
  ) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => this.#read(chunk));
    stream.on('error', () => this.#end());
    stream.on('close', () => this.#end());
  }

  /** Resolves when everything of the invocation was read, or the process closed the stream. */
  async drained(requestId: string): Promise<void> {
    while (!this.#done.has(requestId) && !this.#ended) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#done.delete(requestId);
  }

  /** Resolves when the process closed the stream. */
  async closed(): Promise<void> {
    while (!this.#ended) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Stops reading, whoever still holds the stream open. */
  destroy(): void {
    this.stream.destroy();
    this.#end();
  }

  #read(chunk: string): void {
    const pieces = chunk.split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      this.#keep(piece);
      this.#line(this.#take());
    }
    this.#keep(last);
    if (this.#restLength > MAX_EVENT_BYTES && !this.#rest[0]?.startsWith('\0')) this.#event(this.#take());
  }

  #keep(piece: string): void {
    if (piece === '') return;
    this.#rest.push(piece);
    this.#restLength += piece.length;
  }

  /** Ends the line and returns it. */
  #take(): string {
    const line = this.#rest.join('');
    this.#rest = [];
    this.#restLength = 0;
    return line;
  }

  #line(line: string): void {
    if (!line.startsWith('\0')) {
      this.#event(line);
      return;
    }
    const frame = parseFrame(line.slice(1));
    if (typeof frame === 'string') {
      this.#event(frame);
      return;
    }
    this.#done.add(frame.done);
    this.#wake();
  }

  #event(message: string): void {
    if (message === '') return;
    const fits = Buffer.byteLength(message) <= MAX_EVENT_BYTES;
    this.onEvent(fits ? message : Buffer.from(message).subarray(0, MAX_EVENT_BYTES).toString('utf8'));
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#event(this.#take().replace(/^\0/, ''));
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** A frame of the bootstrap; a line that only looks like one is the function's own text. */
function parseFrame(text: string): string | { readonly done: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  if (typeof value === 'object' && value !== null && 'done' in value && typeof value.done === 'string') {
    return { done: value.done };
  }
  return typeof value === 'string' ? value : text;
}
