import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { startDynamoDbLocal, type SpecDynamoDb } from '@outbox/testing';
import { Tables } from './tables';
import { comparable } from './testing/comparable';
import { differenceOf } from './testing/differences';
import { allPages, changesByItem, dynamoDbLocalPeer, ourPeer, type Peer } from './testing/peers';
import { requestsOn, type Request } from './testing/requests';
import { createRequest, shapes } from './testing/shapes';

/** How many tables are tried, other ones each time, with some twenty calls each; unless it says so the same sixty. */
const { DIFFERENTIAL_RUNS } = process.env;
const RUNS = Number(DIFFERENTIAL_RUNS ?? 60);
const SAME = DIFFERENTIAL_RUNS === undefined ? { seed: 2_027 } : {};

jest.setTimeout(60_000 + RUNS * 500);

/** Operations on tables nobody has keys for in a fixed order: what they return has none. */
const UNORDERED: ReadonlySet<string> = new Set(['Scan', 'BatchGetItem']);

describe('the tables and DynamoDB Local, asked the same', () => {
  let local: SpecDynamoDb;
  const tables = new Tables({ file: ':memory:', now: Date.now, random: Math.random, uuid: randomUUID });
  const ours = ourPeer(tables);

  beforeAll(async () => {
    local = await startDynamoDbLocal();
  });
  afterAll(async () => {
    await local.stop();
    tables.close();
  });

  it('answer the same, and tell the same changes in their streams', async () => {
    const peer = dynamoDbLocalPeer(local.endpoint);
    let made = 0;
    await fc.assert(
      fc.asyncProperty(
        shapes.chain((shape) =>
          fc.record({
            shape: fc.constant(shape),
            requests: fc.array(requestsOn('table', shape), { minLength: 5, maxLength: 25 }),
          }),
        ),
        async ({ shape, requests }) => {
          const name = `table-${made++}`;
          for (const side of [peer, ours]) {
            const created = await side({ operation: 'CreateTable', body: createRequest(name, shape) });
            expect(created).toMatchObject({ ok: true });
          }
          for (const request of requests) {
            const renamed = JSON.parse(JSON.stringify(request).replaceAll('"table"', JSON.stringify(name))) as Request;
            const [theirs, mine] = [await answer(peer, renamed), await answer(ours, renamed)];
            const isOrdered = !UNORDERED.has(request.operation) && request.body['IndexName'] === undefined;
            const difference = differenceOf(theirs, mine, isOrdered);
            expect(difference && { request, ...difference }).toBeUndefined();
          }
          const [theirs, mine] = [await changesByItem(peer, name), await changesByItem(ours, name)];
          expect(comparable(mine)).toEqual(comparable(theirs));
          for (const side of [peer, ours]) await side({ operation: 'DeleteTable', body: { TableName: name } });
        },
      ),
      { numRuns: RUNS, endOnFailure: false, ...SAME },
    );
  });
});

function answer(peer: Peer, request: Request) {
  return request.operation === 'Query' || request.operation === 'Scan' ? allPages(peer, request) : peer(request);
}
