import * as fc from 'fast-check';
import { eventKey, sequenceOf } from './outbox-item';
import { batchesOf, MAX_BATCH_BYTES, MAX_BATCH_ENTRIES } from './republish';
import { sampleOf, SAMPLE_SIZE, sweepBudget, usedBudget, type PreviousRun } from './sweep-budget';
import { splitByAggregate, sweepOrder } from './sweep-order';
import { oldestUnpublishedAge } from './unpublished-age';

const key = fc.record({
  pk: fc.constantFrom('parcel#a', 'parcel#b', 'parcel#__proto__'),
  sk: fc.integer({ min: 1, max: 99 }).map(eventKey),
  dueAt: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(1e12) }).map((date) => date.toISOString()),
});

describe('sweepOrder', () => {
  it('keeps every key, ascends by version within an aggregate, and by time between aggregates', () => {
    fc.assert(
      fc.property(fc.uniqueArray(key, { selector: ({ pk, sk }) => pk + sk }), (keys) => {
        const ordered = sweepOrder(keys);
        expect(new Set(ordered)).toEqual(new Set(keys));
        expect(ordered).toHaveLength(keys.length);
        for (const pk of new Set(keys.map((one) => one.pk))) {
          const versions = ordered.filter((one) => one.pk === pk).map(sequenceOf);
          expect(versions).toEqual([...versions].sort((a, b) => a - b));
        }
        const byDue = [...keys].sort((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt));
        const heads = new Set(byDue.map((one) => one.pk));
        expect([...new Set(ordered.map((one) => one.pk))]).toHaveLength(heads.size);
        if (byDue.length > 0 && byDue[0]?.dueAt !== byDue[1]?.dueAt) expect(ordered[0]?.pk).toBe(byDue[0]?.pk);
      }),
    );
  });
});

describe('splitByAggregate', () => {
  it('keeps every key once, an aggregate’s together and in their order, in parts of about one size', () => {
    const keys = fc.uniqueArray(
      fc.record({
        pk: fc.nat({ max: 30 }).map((id) => `parcel#${id}`),
        sk: fc.integer({ min: 1, max: 9 }).map(eventKey),
        dueAt: fc.constant('2026-01-01T00:00:00.000Z'),
      }),
      { selector: ({ pk, sk }) => pk + sk },
    );
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 5 }), (all, count) => {
        const ordered = sweepOrder(all);
        const parts = splitByAggregate(ordered, count);
        expect(parts.length).toBeLessThanOrEqual(count);
        expect(parts.flat()).toHaveLength(all.length);
        for (const pk of new Set(all.map((one) => one.pk))) {
          const holders = parts.filter((part) => part.some((one) => one.pk === pk));
          expect(holders).toHaveLength(1);
          expect(holders.flat().filter((one) => one.pk === pk)).toEqual(ordered.filter((one) => one.pk === pk));
        }
      }),
    );
    const single = Array.from({ length: 1_000 }, (_, id) => ({ pk: `parcel#${id}`, sk: eventKey(1), dueAt: '' }));
    expect(splitByAggregate(single, 4).map((part) => part.length)).toEqual([250, 250, 250, 250]);
  });
});

describe('batchesOf', () => {
  it('keeps entries in order, in calls that PutEvents takes', () => {
    const detail = fc.oneof(
      fc.string(),
      fc.integer({ min: 1, max: 66_000 }).map((length) => '語'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.array(fc.record({ type: fc.constant('ParcelMoved'), detail }), { maxLength: 40 }), (entries) => {
        const batches = batchesOf(entries, (entry) => entry);
        expect(batches.flat()).toEqual(entries);
        for (const batch of batches) {
          const bytes = batch.reduce(
            (sum, entry) => sum + 14 + Buffer.byteLength(`parcels${entry.type}${entry.detail}`),
            0,
          );
          expect(batch.length).toBeLessThanOrEqual(MAX_BATCH_ENTRIES);
          expect(bytes).toBeLessThanOrEqual(MAX_BATCH_BYTES);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('fills a call while there is room', () => {
    const entries = Array.from({ length: 25 }, () => ({ type: 't', detail: '{}' }));
    expect(batchesOf(entries, (entry) => entry).map((batch) => batch.length)).toEqual([10, 10, 5]);
  });
});

describe('sweepBudget', () => {
  const runs = (start: number, ...previous: PreviousRun[]) =>
    previous.reduce((budget, run) => sweepBudget(budget, 100, run), start);

  it('halves down to ten while nothing is acknowledged, and doubles back', () => {
    expect(runs(100, 'none-acknowledged')).toBe(50);
    expect(runs(100, ...Array<PreviousRun>(9).fill('none-acknowledged'))).toBe(10);
    expect(runs(10, 'some-acknowledged', 'some-acknowledged')).toBe(40);
    expect(runs(60, 'some-acknowledged')).toBe(120);
  });

  it('learns nothing from a run without a verdict', () => {
    expect(runs(25, 'too-early', 'nothing-known')).toBe(25);
  });

  it('has no cap while what is published is acknowledged', () => {
    let used = 500;
    const budgets = Array.from({ length: 12 }, () => {
      const budget = sweepBudget(used, 500, 'some-acknowledged');
      used = usedBudget(budget, budget, 500);
      return budget;
    });
    expect(budgets.slice(0, 3)).toEqual([1_000, 2_000, 4_000]);
    expect(budgets.at(-1)).toBe(500 * 2 ** 12);
  });

  it('grows only by what is published, and takes a start that was lowered', () => {
    expect(usedBudget(1_000, 3, 500)).toBe(500);
    expect(usedBudget(4_000, 1_500, 500)).toBe(1_500);
    expect(usedBudget(20, 20, 500)).toBe(20);
    expect(usedBudget(500, 3, 20)).toBe(20);
    expect(sweepBudget(4, 4, 'none-acknowledged')).toBe(4);
  });
});

describe('sampleOf', () => {
  it('spreads over the run, first and last among them', () => {
    const published = Array.from({ length: 95 }, (_, index) => index);
    const sample = sampleOf(published);
    expect(sample).toHaveLength(SAMPLE_SIZE);
    expect([sample.at(0), sample.at(-1)]).toEqual([0, 94]);
    expect(sampleOf([1, 2])).toEqual([1, 2]);
  });
});

describe('oldestUnpublishedAge', () => {
  const at = (ms: number): string => new Date(ms).toISOString();

  it('is 0 for an empty outbox, else as old as the oldest commit', () => {
    expect(oldestUnpublishedAge(1_000_000, 60_000, [], [])).toBe(0);
    expect(oldestUnpublishedAge(1_000_000, 60_000, [{ dueAt: at(1_000_000) }], [])).toBe(60_000);
    const claimed = { committedAt: at(100_000) };
    expect(oldestUnpublishedAge(1_000_000, 60_000, [{ dueAt: at(1_050_000) }], [claimed])).toBe(900_000);
  });
});
