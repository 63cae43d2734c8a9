import * as fc from 'fast-check';
import { lanesOf } from './lanes';

describe('lanesOf', () => {
  it('keeps every entry, one lane per subject, versions ascending', () => {
    const entry = fc.record({
      subject: fc.constantFrom('a', 'b', '__proto__'),
      version: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(entry), (batch) => {
        const lanes = lanesOf(batch, (place) => place);
        expect(new Set(lanes.flat())).toEqual(new Set(batch));
        expect(lanes.flat()).toHaveLength(batch.length);
        for (const lane of lanes) {
          expect(new Set(lane.map(({ subject }) => subject)).size).toBe(1);
          const versions = lane.map(({ version }) => version);
          expect(versions).toEqual([...versions].sort((a, b) => a - b));
        }
        expect(lanes).toHaveLength(new Set(batch.map(({ subject }) => subject)).size);
      }),
    );
  });
});
