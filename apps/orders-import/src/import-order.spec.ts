import type { Commit } from '@outbox/outbox-dynamodb';
import { importOrder, type ImportRequest } from './import-order';

const at = '2026-01-01T00:00:00.000Z';
const items = [{ sku: 'sku-1', quantity: 1, unitPrice: '2.00' }];
const place = { customerId: 'c', currency: 'EUR', items };

async function run(request: Partial<ImportRequest>) {
  const commits: Commit[] = [];
  const reply = await importOrder(
    {
      outbox: {
        commit: (commit) => {
          commits.push(commit);
          return Promise.resolve({ kind: 'committed', sequence: commit.after + commit.events.length });
        },
      },
      ordersTable: 'orders',
      now: () => at,
    },
    { orderId: 'o', correlationId: 'i-1', changes: [], ...request },
    { remainingMs: () => 10_000 },
  );
  return { reply, commits };
}

describe('importOrder', () => {
  it('commits what happened to a new order at once, an event for each step', async () => {
    const { reply, commits } = await run({ place, changes: [{ status: 'CONFIRMED' }, { status: 'SHIPPED' }] });
    expect(reply).toMatchObject({ kind: 'committed', sequence: 3, order: { version: 3, status: 'SHIPPED' } });
    expect(commits).toEqual([
      expect.objectContaining({ id: 'o', after: 0, context: { correlationId: 'i-1', owner: 'import' } }),
    ]);
    expect(commits[0]?.events.map(({ type, data }) => [type, (data as { status: string }).status])).toEqual([
      ['OrderCreated', 'PLACED'],
      ['OrderUpdated', 'CONFIRMED'],
      ['OrderUpdated', 'SHIPPED'],
    ]);
    expect(commits[0]?.write).toEqual([
      { put: { table: 'orders', item: expect.objectContaining({ orderId: 'o', version: 3, owner: 'import' }) } },
    ]);
  });

  it('goes on from the version that its caller knows, whatever the table holds', async () => {
    const { reply } = await run({ place });
    if (reply.kind !== 'committed' || !reply.order) throw new Error('not placed');
    const { commits } = await run({ before: { ...reply.order, owner: 'ada' }, changes: [{ status: 'CANCELLED' }] });
    expect(commits).toEqual([expect.objectContaining({ after: 1, context: { correlationId: 'i-1', owner: 'ada' } })]);
  });

  it.each<[string, Partial<ImportRequest>]>([
    ['a step that can’t follow', { place, changes: [{ status: 'DELIVERED' }] }],
    ['a change of nothing', { changes: [{ status: 'CONFIRMED' }] }],
    ['an order that can’t be placed', { place: { ...place, currency: 'XXX' } }],
  ])('refuses %s, and commits nothing', async (_what, request) => {
    expect(await run(request)).toMatchObject({ reply: { kind: 'refused', reason: 'impossible' }, commits: [] });
  });
});
