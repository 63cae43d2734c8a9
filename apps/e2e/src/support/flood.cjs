'use strict';

// Runs in a page before its own scripts: in place of the server, 200 events a second are told, in portions as it does.
const { EventTarget, MessageEvent, clearInterval, setInterval, setTimeout } = globalThis;

const PORTION = 50;
const EVERY_MS = 250;

let sequence = 0;

globalThis.EventSource = class extends EventTarget {
  #timer = 0;

  constructor(url) {
    super();
    setTimeout(() => this.onopen?.());
    if (url.includes('tail')) this.#timer = setInterval(() => this.#tell(), EVERY_MS);
  }

  close() {
    clearInterval(this.#timer);
  }

  #tell() {
    const committedAt = new Date().toISOString();
    const events = Array.from({ length: PORTION }, () => {
      sequence += 1;
      const about = { aggregate: 'parcel', id: `p-${sequence}`, sequence: 1, eventId: `e-${sequence}` };
      return { ...about, type: 'Flooded', committedAt, detail: { data: { note: 'x'.repeat(500) } } };
    });
    const published = events.map(({ eventId }) => ({ eventId, publishedAt: committedAt }));
    this.dispatchEvent(new MessageEvent('tail', { data: JSON.stringify({ events, published, left: 0 }) }));
  }
};
