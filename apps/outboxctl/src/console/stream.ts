import type { ServerResponse } from 'node:http';

/** What is sent, by name. */
export type Topic = 'pipeline' | 'job' | 'tail' | 'trouble';

/** Proxies and browsers give up a connection that is silent for a minute. */
const HEARTBEAT_MS = 15_000;
/** One that doesn't read this much holds memory for nothing. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

interface Listener {
  readonly response: ServerResponse;
  readonly followsTail: boolean;
}

/** The open connections of pages (server-sent events); a page that comes later gets the last word of each topic first. */
export class EventStream {
  readonly #listeners = new Set<Listener>();
  readonly #last = new Map<Topic, string>();
  readonly #timer = setInterval(() => this.#write(() => true, ': still here\n\n'), HEARTBEAT_MS).unref();

  /** How many listen, and how many of them follow events live. */
  get listening(): { readonly all: number; readonly tail: number } {
    const all = [...this.#listeners];
    return { all: all.length, tail: all.filter(({ followsTail }) => followsTail).length };
  }

  add(response: ServerResponse, followsTail: boolean): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const listener = { response, followsTail };
    this.#listeners.add(listener);
    response.on('close', () => this.#listeners.delete(listener));
    response.on('error', () => this.#listeners.delete(listener));
    response.write(`retry: 1000\n\n${[...this.#last.values()].join('')}`);
  }

  /** Sends a value to everybody whom it concerns; what is `kept` also to whoever comes later, and only when it changed. */
  send(topic: Topic, value: unknown, { kept = false } = {}): void {
    const text = `event: ${topic}\ndata: ${JSON.stringify(value)}\n\n`;
    if (kept) {
      if (this.#last.get(topic) === text) return;
      this.#last.set(topic, text);
    }
    this.#write(({ followsTail }) => topic !== 'tail' || followsTail, text);
  }

  /** What was kept of a topic is no longer so. */
  forget(topic: Topic): void {
    this.#last.delete(topic);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const { response } of this.#listeners) response.end();
  }

  #write(concerns: (listener: Listener) => boolean, text: string): void {
    for (const listener of this.#listeners) {
      if (!concerns(listener)) continue;
      if (listener.response.writableLength > MAX_BUFFERED_BYTES) listener.response.destroy();
      else listener.response.write(text);
    }
  }
}
