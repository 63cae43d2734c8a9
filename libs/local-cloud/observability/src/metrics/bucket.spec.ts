import * as fc from 'fast-check';
import { bucketOf, GrowingBucket, merged, type Bucket } from './bucket';

const bucket: fc.Arbitrary<Bucket> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.array(fc.tuple(fc.integer(), fc.integer({ min: 1, max: 9 })), { minLength: 1 }).map(bucketOf),
  },
  { weight: 1, arbitrary: fc.constant({ count: 3, sum: 6, min: 1, max: 3, values: undefined }) },
);
const plain = ({ count, sum, min, max, values }: Bucket) => ({ count, sum, min, max, values });

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
