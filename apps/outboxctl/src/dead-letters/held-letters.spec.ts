import type { DeadLetter } from './dead-letter';
import type { DeadLetterQueue } from './dead-letter-queue';
import { HeldLetters } from './held-letters';

const letters = (from: number, count: number): DeadLetter[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ messageId: `m-${from + index}`, receiptHandle: 'r', body: '', attributes: {}, reason: 'gap' },
  }));

/** A queue of so many letters, in which a call takes 20 ms, eight at once when letters are hidden. */
function lab(count: number) {
  let now = 0;
  let received = 0;
  const queue: Pick<DeadLetterQueue, 'depth' | 'receive' | 'hide'> = {
    depth: () => Promise.resolve({ waiting: count, underWay: 0 }),
    receive: () => {
      now += 20;
      const batch = letters(received, Math.min(10, count - received));
      received += batch.length;
      return Promise.resolve(batch);
    },
    hide: () => {
      now += 20 / 8;
      return Promise.resolve();
    },
  };
  const ports = {
    now: () => now,
    sleep: () => Promise.resolve(),
    stop: new AbortController().signal,
    say: () => undefined,
  };
  return { held: new HeldLetters(queue as DeadLetterQueue, ports), took: () => now / 1_000 };
}

describe('letters that a run holds', () => {
  it.each([5_000, 60_000])('are kept hidden beside receiving them, whatever their number: %i', async (count) => {
    const { held, took } = lab(count);
    let seen = 0;
    for await (const batch of held.receive()) seen += batch.length;
    expect([seen, held.size]).toEqual([count, count]);
    // Receiving alone takes 20 ms for ten.
    expect(took() / ((count / 10) * 0.02)).toBeLessThan(1.5);
  });
});
