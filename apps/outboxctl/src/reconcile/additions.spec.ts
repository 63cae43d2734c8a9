import type { DynamoDBClient, TableDescription } from '@aws-sdk/client-dynamodb';
import { stackOf } from '../testing/stack';
import { Additions } from './additions';
import type { Finding } from './finding';
import { remedyOf } from './remedy';

const COMMITTED = '2026-01-02T00:00:00.000Z';
const NOW = Date.UTC(2026, 0, 4);
const lost: Finding = {
  ...{ kind: 'lost', aggregate: 'parcel', id: 'p-1', sequence: 1, eventId: 'e-1' },
  ...{ committedAt: COMMITTED, consumer: 'labels', detail: 'published, not done' },
};
const added: TableDescription = { CreationDateTime: new Date('2026-01-03T00:00:00.000Z') };

describe('what is lost at a consumer that was added after it', () => {
  it('is marked as of before its beginning, and sent by join', async () => {
    const told = await mark(lost, added);
    expect(told).toMatchObject({ kind: 'lost', notBegun: true, detail: expect.stringContaining('2026-01-03T00:00') });
    expect(remedyOf(told)).toBe('it has not begun: outboxctl join labels');
  });

  it('is so, too, where the event is past retention', async () => {
    const { committedAt: notBefore, eventId: _, ...gone } = lost;
    expect(remedyOf(await mark({ ...gone, notBefore }, added))).toBe('it has not begun: outboxctl join labels');
  });

  it.each<[string, Finding, TableDescription | Error]>([
    ['was committed later', { ...lost, committedAt: '2026-01-03T00:00:00.000Z' }, added],
    ['is queued', { ...lost, kind: 'queued' }, added],
    [
      'is of a consumer that is restored',
      lost,
      { ...added, RestoreSummary: { RestoreDateTime: undefined, RestoreInProgress: false } },
    ],
    ['is judged by another clock', lost, { CreationDateTime: new Date(NOW + 1) }],
    ['may not be asked about', lost, Object.assign(new Error('no'), { name: 'AccessDeniedException' })],
  ])('is as it is where it %s', async (_, finding, table) => {
    expect(await mark(finding, table)).toEqual(finding);
  });

  it('is as it is once the consumer was told where it begins', async () => {
    expect(await mark(lost, added, true)).toEqual(lost);
  });
});

function mark(finding: Finding, table: TableDescription | Error, joined = false): Promise<Finding> {
  const send = () => (table instanceof Error ? Promise.reject(table) : Promise.resolve({ Table: table }));
  const starts = new Map(joined ? [['labels', { from: 'now', at: COMMITTED, by: 'me' } as const]] : []);
  return new Additions({ send } as unknown as DynamoDBClient, stackOf(), { starts, now: NOW }).mark(finding);
}
