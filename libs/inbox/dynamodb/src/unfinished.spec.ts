import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshalPlain } from '@outbox/function-kit';
import { recordingClient } from '@outbox/testing';
import { scanUnfinished } from './unfinished';

const pk = 'things#thing#o';
const pending = {
  ...{ eventId: 'e', type: 'Made', version: 2, status: 'retrying', attempts: 3 },
  ...{ firstAttemptAt: '2026-01-01T00:00:00.000Z', token: 't', lastError: 'HTTP 503' },
};
const since = '2026-01-01T00:00:00.000Z';
const missed = { pk, sk: 'MISSED', missing: 3, since, lookedAt: since, expiresAt: 1 };

/** All that is unfinished in a table of these items, found page by page, one item each; `head` lies under the subject. */
async function unfinishedOf(items: readonly object[], head?: object) {
  const client = recordingClient((input) => {
    if ('Key' in (input as object)) return head ? { Item: marshalPlain({ ...head }) } : {};
    const { ExclusiveStartKey } = input as { ExclusiveStartKey?: { n: { N: string } } };
    const page = Number(ExclusiveStartKey?.n.N ?? 0);
    const item = items[page];
    return {
      Items: item ? [marshalPlain({ ...item })] : [],
      ...(page + 1 < items.length ? { LastEvaluatedKey: { n: { N: String(page + 1) } } } : {}),
    };
  });
  const found = [];
  for await (const each of scanUnfinished({ dynamodb: client as unknown as DynamoDBClient, tableName: 'inbox' })) {
    found.push(each);
  }
  return found;
}

describe('what a consumer has not finished', () => {
  it('is found on every page: what is pending, and what it misses', async () => {
    const head = { pk, sk: 'INBOX', firstVersion: 1, lastVersion: 2, lastEventId: 'e' };
    expect(await unfinishedOf([{ pk, sk: 'INBOX', pending }, missed], head)).toMatchObject([
      { kind: 'pending', subject: { source: 'things', aggregateType: 'thing', id: 'o' }, pending: { version: 2 } },
      { kind: 'missed', version: 3, since: Date.UTC(2026, 0, 1) },
    ]);
  });

  it('is no longer missed once the head has moved past it', async () => {
    const head = { pk, sk: 'INBOX', firstVersion: 1, lastVersion: 3, lastEventId: 'e' };
    expect(await unfinishedOf([missed], head)).toEqual([]);
  });

  it('says what it can’t read, and leaves alone what is about no subject', async () => {
    expect(
      await unfinishedOf([
        { pk, sk: 'INBOX', pending: { status: 'odd' } },
        { pk: '#start', sk: 'x', pending },
      ]),
    ).toMatchObject([{ kind: 'corrupt', error: { name: 'CorruptItemError' } }]);
  });
});
