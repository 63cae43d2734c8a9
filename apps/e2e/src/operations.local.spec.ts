import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cloud } from './support/local-cloud';
import { root } from './support/target';

const RECORD = join(root, 'docs', 'reference', 'recorded-operations.json');

/** Asked for on purpose by refusals.local.spec.ts. */
const REFUSED_ON_PURPOSE = 'events CreateApiDestination';

/**
 * What Terraform, the functions, outboxctl and this suite called of AWS from the first apply to the destroy: when it
 * grows by something the local cloud doesn't run, this fails. The record shows in a review what a stack needs of AWS.
 */
describe('the operations that were called', () => {
  let called: readonly string[];

  beforeAll(async () => {
    called = (await cloud.calledOperations('000000000000')).filter((operation) => operation !== REFUSED_ON_PURPOSE);
  });

  it('all have a row in the support table', async () => {
    const supported = new Set(await cloud.operations());
    expect(called.filter((operation) => !supported.has(operation))).toEqual([]);
  });

  it('and so has all that is on the record (UPDATE_DOCS=1 make e2e writes it)', async () => {
    const before = JSON.parse(readFileSync(RECORD, 'utf8')) as readonly string[];
    // Counts begin anew when the local cloud is killed on the way: a run adds to the record.
    const recorded = process.env['UPDATE_DOCS'] === '1' ? [...new Set([...before, ...called])].sort() : before;
    if (recorded !== before) writeFileSync(RECORD, `${JSON.stringify(recorded, null, 2)}\n`);
    const supported = new Set(await cloud.operations());
    expect(recorded).not.toEqual([]);
    expect(recorded.filter((operation) => !supported.has(operation))).toEqual([]);
  });
});
