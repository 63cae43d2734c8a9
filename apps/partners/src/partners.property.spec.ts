import { createFakeClock, createSeededIds } from '@outbox/testing';
import fc from 'fast-check';
import { booking, RunningPartners } from './testing/running-partners';

const MEMORY_MS = 1_000_000;
const KEYS = ['k-1', 'k-2', 'k-3'];
const rate = fc.constantFrom(0, 0.1, 0.2);
const rates = fc.record({ throttle: rate, 'server-error': rate, slow: rate, 'lost-answer': rate });

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('book'), key: fc.constantFrom(...KEYS) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('faults'), seed: fc.nat(), carrier: rates }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.integer({ min: 1, max: MEMORY_MS / 20 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart') }) },
);

describe('a key that is remembered', () => {
  it('stands for one booking, whatever goes wrong', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), async (steps) => {
        const clock = createFakeClock();
        const partners = new RunningPartners(clock, createSeededIds());
        await partners.start();
        const setFaults = (more: object): Promise<void> =>
          partners.setFaults({ keyMemoryMs: MEMORY_MS, slowMs: 1, ...more });
        try {
          await setFaults({});
          const told = new Map<string, Set<unknown>>(KEYS.map((key) => [key, new Set()]));
          const book = async (key: string): Promise<void> => {
            // Each key is for another order; a caller that isn't told anything comes again.
            const reply = await partners.book(key, { ...booking, reference: key }).catch(() => undefined);
            if (reply === undefined || reply.status >= 429) return;
            told.get(key)?.add(reply.body['bookingId']);
          };
          for (const one of steps) {
            if ('key' in one) await Promise.all([book(one.key), book(one.key)]);
            else if ('carrier' in one) await setFaults({ seed: one.seed, carrier: one.carrier });
            else if ('ms' in one) clock.advance(one.ms);
            else await partners.restart();
          }
          const { bookings, conflicts } = await partners.log();
          for (const key of KEYS) {
            const booked = bookings.filter((entry) => entry.key === key).map(({ bookingId }) => bookingId);
            expect(booked.length).toBeLessThanOrEqual(1);
            expect(new Set([...booked, ...(told.get(key) ?? [])]).size).toBe(booked.length);
          }
          expect(conflicts).toEqual([]);
        } finally {
          await partners.stop();
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
