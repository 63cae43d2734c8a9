import * as fc from 'fast-check';
import { eventKey, sequenceOf } from './outbox-item';
import { batchesOf, MAX_BATCH_BYTES, MAX_BATCH_ENTRIES } from './republish';
import { sampleOf, SAMPLE_SIZE, sweepBudget, type PreviousRun } from './sweep-budget';
import { sweepOrder } from './sweep-order';
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
    expect(runs(60, 'some-acknowledged')).toBe(100);
  });

  it('learns nothing from a run without a verdict', () => {
    expect(runs(25, 'too-early', 'nothing-known')).toBe(25);
  });

  it('never exceeds a limit that was lowered', () => {
    expect(sweepBudget(500, 20, 'nothing-known')).toBe(20);
    expect(sweepBudget(500, 4, 'none-acknowledged')).toBe(4);
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
