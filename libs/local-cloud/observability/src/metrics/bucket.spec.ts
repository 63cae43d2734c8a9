import * as fc from 'fast-check';
import { bucketOf, GrowingBucket, merged, type Bucket } from './bucket';
import { restored, saved } from './saved-hour';

const bucket: fc.Arbitrary<Bucket> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.array(fc.tuple(fc.integer(), fc.integer({ min: 1, max: 9 })), { minLength: 1 }).map(bucketOf),
  },
  { weight: 1, arbitrary: fc.constant({ count: 3, sum: 6, min: 1, max: 3, values: undefined }) },
);
const plain = ({ count, sum, min, max, values }: Bucket) => ({ count, sum, min, max, values: values && [...values] });

describe('a bucket that takes values in', () => {
  it('is what the buckets are together, and leaves them as they are', () => {
    fc.assert(
      fc.property(bucket, fc.array(bucket, { maxLength: 40 }), (first, others) => {
        const before = structuredClone([first, ...others].map(plain));
        const growing = new GrowingBucket().add(first);
        for (const other of others) growing.add(other);
        expect(plain(growing)).toEqual(plain(others.reduce(merged, first)));
        expect([first, ...others].map(plain)).toEqual(before);
      }),
    );
  });
});

describe('an hour that was saved', () => {
  it('has what was in its buckets, and takes more in, without a change of what was saved', () => {
    fc.assert(
      fc.property(bucket, bucket, (first, second) => {
        const hour = saved({ spanMs: 60_000, buckets: new Map([[0, first]]) });
        const before = structuredClone(hour);
        const known = restored(hour).buckets.get(0);
        expect(known && plain(known)).toEqual(plain(first));
        expect(known && plain(new GrowingBucket().add(known).add(second))).toEqual(plain(merged(first, second)));
        expect(hour).toEqual(before);
        expect(saved(restored(hour)).buckets[0]).toBe(hour.buckets[0]);
      }),
    );
  });
});
