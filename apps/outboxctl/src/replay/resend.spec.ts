import type { SQSClient } from '@aws-sdk/client-sqs';
import { recordingClient, startDynamoDb, type SpecDynamoDb } from '@outbox/testing';
import { operatorLab } from '../testing/operator-lab';
import { headRow, type Row } from '../testing/rows';
import { NOW } from '../testing/run-verb';

jest.setTimeout(30_000);

let local: SpecDynamoDb;
beforeAll(async () => {
  local = await startDynamoDb();
}, 40_000);
afterAll(() => local.stop());

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(NOW - days * DAY_MS).toISOString();

function published(id: string, sequence: number, more: Row = {}): Row {
  const type = sequence === 1 ? 'ParcelRegistered' : 'ParcelMoved';
  const event = {
    ...{ specversion: '1.0', id: `${id}-${sequence}`, source: 'parcels', type, subject: id, time: daysAgo(2) },
    ...{ datacontenttype: 'application/json', dataschema: 'urn:x', aggregatetype: 'parcel' },
    ...{ sequence: String(sequence), partitionkey: `parcel#${id}`, data: { sequence } },
  };
  return {
    ...{ pk: `parcel#${id}`, sk: `EVENT#000000000${sequence}`, entity: 'OutboxEvent', id: event.id, type },
    ...{ committedAt: daysAgo(2), attempts: 0, detail: JSON.stringify(event), publishedAt: daysAgo(2), expiresAt: 1 },
    ...more,
  };
}

async function lab(outbox: readonly Row[]) {
  const sent: { readonly QueueUrl: string; readonly body: Record<string, unknown> }[] = [];
  const sqs = recordingClient((input) => {
    const { QueueUrl = '', Entries } = input as { QueueUrl?: string; Entries?: { Id: string; MessageBody: string }[] };
    if (!Entries) return { Attributes: { QueueArn: 'arn:aws:sqs:eu-west-1:111111111111:q' } };
    for (const { MessageBody } of Entries) sent.push({ QueueUrl, body: JSON.parse(MessageBody) });
    return { Successful: Entries.map(({ Id }) => ({ Id })) };
  });
  const { run } = await operatorLab(local, { outbox, sqs: sqs as unknown as SQSClient });
  return { run, sent, ids: () => sent.map(({ body }) => body['id']) };
}

describe('outboxctl replay from the outbox', () => {
  const others = [
    headRow(3),
    published('p-1', 2),
    published('p-1', 1),
    { ...published('p-1', 3), publishedAt: undefined, unpublishedShard: '0', dueAt: daysAgo(0) } as unknown as Row,
    published('p-2', 1),
  ].map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Row);

  it('sends an aggregate’s published events to the one consumer, in order, as a replay, which doesn’t count as late', async () => {
    const { run, sent, ids } = await lab(others);
    expect(await run('replay', '--aggregate', 'p-1', '--consumer', 'mails')).toMatchObject({
      exitCode: 0,
      out: '2 sent to mails',
    });
    expect(ids()).toEqual(['p-1-1', 'p-1-2']);
    expect(sent[0]?.body).toMatchObject({
      ...{ source: 'parcels', 'detail-type': 'ParcelRegistered', account: '111111111111', region: 'eu-west-1' },
      ...{ 'replay-name': expect.stringMatching(/^outboxctl-\d{14}$/), detail: { subject: 'p-1', sequence: '1' } },
    });
  });

  it('sends those of a type and a time, and counts only in a dry run', async () => {
    const { run, ids, sent } = await lab([...others, published('p-3', 1, { committedAt: daysAgo(5) })]);
    const argv = ['replay', '--type', 'ParcelRegistered', '--from', '3d', '--consumer', 'mails'];
    expect(JSON.parse((await run('--json', ...argv, '--dry-run')).out)).toEqual({
      ...{ consumer: 'mails', dryRun: true, sent: 2, withheld: 0, unreadable: 0 },
    });
    expect(sent).toEqual([]);
    await run(...argv);
    expect(ids().sort()).toEqual(['p-1-1', 'p-2-1']);
  });

  it('leaves out what a once consumer may have forgotten, unless it is told to', async () => {
    const { run, ids } = await lab([published('p-1', 1, { committedAt: daysAgo(60) })]);
    const argv = ['replay', '--aggregate', 'p-1', '--consumer', 'labels'];
    expect(await run(...argv)).toMatchObject({ exitCode: 1, out: expect.stringContaining('--accept-repeats') });
    expect(ids()).toEqual([]);
    expect(await run(...argv, '--accept-repeats')).toMatchObject({ exitCode: 0, out: '1 sent to labels' });
  });

  it('leaves out what no message can hold, names it, and sends the others', async () => {
    const detail = (size: number) => {
      const row = published('p-1', 2);
      return { detail: JSON.stringify({ ...JSON.parse(String(row['detail'])), data: 'x'.repeat(size) }) };
    };
    const { run, ids } = await lab([published('p-1', 1), published('p-1', 2, detail(262_000)), published('p-1', 3)]);
    const { exitCode, out, progress } = await run('replay', '--aggregate', 'p-1', '--consumer', 'mails');
    expect({ exitCode, out }).toEqual({
      exitCode: 1,
      out: expect.stringMatching(/^2 sent to mails; 1 left out: too large/),
    });
    expect(progress).toMatch(/parcel\/p-1 event 2 \(ParcelMoved, p-1-2\) is left out: 262\d{3} bytes/);
    expect(ids()).toEqual(['p-1-1', 'p-1-3']);
    expect(JSON.parse((await run('--json', 'replay', '--aggregate', 'p-1', '--consumer', 'mails')).out)).toMatchObject({
      ...{ sent: 2, tooLarge: 1 },
    });
  });

  it('wants one consumer', async () => {
    const { run } = await lab([]);
    expect(await run('replay', '--aggregate', 'p-1')).toMatchObject({ exitCode: 2 });
    expect(await run('replay', '--from', '1h', '--dry-run')).toMatchObject({ exitCode: 2 });
  });
});
