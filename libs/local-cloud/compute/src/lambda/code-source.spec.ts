import type { Service } from '@outbox/local-cloud-kernel';
import { strToU8, zipSync } from 'fflate';
import { ROLE, startSpecEngine, type SpecEngine } from '../testing/spec-engine';

const ZipFile = zipSync({ 'index.js': strToU8('exports.handler = async () => 1') });

/** S3 that answers after others had their turn. */
const s3 = {
  name: 's3',
  operations: {
    GetObject: {
      requires: () => [],
      handle: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return { Body: { transformToByteArray: () => Promise.resolve(ZipFile) } };
      },
    },
  },
} as unknown as Service<'s3'>;

describe('code that is fetched while others are at work', () => {
  let spec: SpecEngine;
  beforeEach(async () => (spec = await startSpecEngine([s3])));
  afterEach(() => spec.close());

  const FunctionName = 'f';
  const code = { S3Bucket: 'code', S3Key: 'f.zip' };
  const create = () =>
    spec.call('lambda', 'CreateFunction', {
      ...{ FunctionName, Role: ROLE, Runtime: 'nodejs22.x', Handler: 'index.handler', Code: code },
    });
  const outcomes = async (calls: readonly Promise<unknown>[]) =>
    (await Promise.allSettled(calls)).map((one) =>
      one.status === 'fulfilled' ? 'done' : (one.reason as { code: string }).code,
    );

  it('makes a function once', async () => {
    expect(await outcomes([create(), create()])).toEqual(['done', 'ResourceConflictException']);
  });

  it('is changed by one of two, who leaves alone what was set meanwhile', async () => {
    const { RevisionId } = await create();
    const update = () => spec.call('lambda', 'UpdateFunctionCode', { FunctionName, RevisionId, ...code });
    spec.clock.advance(10_000);
    const reserve = spec.call('lambda', 'PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: 7 });
    const first = update();
    await spec.call('lambda', 'TagResource', {
      ...{ Resource: `arn:aws:lambda:us-east-1:000000000000:function:${FunctionName}`, Tags: { a: 'b' } },
    });
    expect(await outcomes([first, update(), reserve])).toEqual(['done', 'ResourceConflictException', 'done']);
    expect(await spec.call('lambda', 'GetFunction', { FunctionName })).toMatchObject({
      ...{ Tags: { a: 'b' }, Concurrency: { ReservedConcurrentExecutions: 7 } },
    });
  });
});
