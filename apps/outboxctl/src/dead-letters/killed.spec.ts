import * as fc from 'fast-check';
import { letter, place, setUp, type Owner } from '../testing/dead-letter-lab';
import { HIDDEN_SECONDS } from './held-letters';

const letters = (count: number) =>
  Array.from({ length: count }, (_, index) => letter((index % 5) + 1, {}, `p-${Math.floor(index / 5)}`));
const placesOf = (messages: readonly { readonly Body?: string }[]): Set<string> => new Set(messages.map(place));

/** A run of `verb` that is killed in the middle of its `calls`th call of SQS, whether that was done or not. */
async function killed(lab: ReturnType<typeof setUp>, calls: number, lastIsDone: boolean, ...argv: string[]) {
  lab.queue.calls = 0;
  lab.queue.lastIsDone = lastIsDone;
  lab.queue.callsLeft = calls;
  await lab.run(...argv);
  const isKilled = lab.queue.callsLeft <= 0;
  lab.queue.callsLeft = Infinity;
  return isKilled;
}

describe('outboxctl dlq redrive of 2,000 that is killed half-way', () => {
  const count = 2_000;
  const halfWay = 400;

  it('hides the rest for half a minute at most; the next run waits for it and does it', async () => {
    const lab = setUp(letters(count));
    expect(await killed(lab, halfWay, true, 'dlq', 'redrive', 'mails')).toBe(true);
    const sentBefore = lab.sent().length;
    expect(sentBefore).toBeGreaterThan(count / 4);
    expect(sentBefore).toBeLessThan((count * 3) / 4);
    expect(lab.dead()).toHaveLength(0);

    const next = await lab.run('dlq', 'redrive', 'mails');
    expect(next).toMatchObject({ exitCode: 0, progress: expect.stringContaining('hidden by another run') });
    expect(lab.queue.all()).toHaveLength(0);
    expect(placesOf(lab.sent())).toEqual(placesOf(letters(count)));
    // Those of one batch, which was sent and not yet deleted.
    expect(lab.sent().length - count).toBeLessThanOrEqual(10);
  });

  it('is back in view by itself', async () => {
    const lab = setUp(letters(count));
    await killed(lab, halfWay, false, 'dlq', 'redrive', 'mails');
    lab.wait(HIDDEN_SECONDS * 1_000);
    expect(lab.dead()).toHaveLength(lab.queue.all().length);
    expect(placesOf([...lab.dead(), ...lab.sent()])).toEqual(placesOf(letters(count)));
  });
});

describe('whenever a redrive is killed', () => {
  it.each<Owner>(['mails', 'labels'])('no letter of %s is in no queue, and few are in two', async (owner) => {
    const many = 35;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.boolean()), { maxLength: 4 }),
        async (kills) => {
          const lab = setUp(letters(many), { owner });
          for (const [calls, lastIsDone] of kills) {
            const before = lab.sent().length + lab.queue.all().length;
            await killed(lab, calls, lastIsDone, 'dlq', 'redrive', owner);
            expect(placesOf([...lab.queue.all(), ...lab.sent()])).toEqual(placesOf(letters(many)));
            expect(lab.sent().length + lab.queue.all().length - before).toBeLessThanOrEqual(10);
          }
          expect(await lab.run('dlq', 'redrive', owner)).toMatchObject({ exitCode: 0 });
          expect(lab.queue.all()).toEqual([]);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('outboxctl dlq drop that is killed', () => {
  it('goes on where it ended, and gives back what it doesn’t drop', async () => {
    const gap = { reason: 'gap' };
    const lab = setUp(Array.from({ length: 30 }, (_, index) => letter(index + 1, index % 2 === 0 ? gap : {})));
    const argv = ['dlq', 'drop', 'mails', '--reason', 'gap', '--reason-text', 'obsolete'];
    expect(await killed(lab, 3, true, ...argv)).toBe(true);
    expect(await lab.run(...argv)).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^10 dropped from mails; 15 others stay$/m),
    });
    expect(lab.dead()).toHaveLength(15);
  });
});

describe('a run that takes long', () => {
  it('keeps what it holds hidden: nobody else gets it meanwhile', async () => {
    const lab = setUp(letters(120));
    let seen = 0;
    lab.queue.onCall = (call) => void (call === 'SendMessageBatch' && (seen += lab.dead().length));
    const { out } = await lab.run('dlq', 'redrive', 'mails', '--rate', '1');
    expect(out).toMatch(/^120 sent back to mails$/m);
    expect(seen).toBe(0);
  });

  it('sends no more a second than it may', async () => {
    const lab = setUp(letters(60));
    const times: number[] = [];
    lab.queue.onCall = (call) => void (call === 'SendMessageBatch' && times.push(lab.now()));
    await lab.run('dlq', 'redrive', 'mails', '--rate', '20');
    const [first = 0] = times;
    expect(times.map((time) => time - first)).toEqual([0, 500, 1_000, 1_500, 2_000, 2_500]);
  });
});
