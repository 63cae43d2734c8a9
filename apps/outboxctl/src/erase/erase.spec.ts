import { startDynamoDb, type SpecDynamoDb } from '@outbox/testing';
import { ADA, day, event, failed, head, inboxHead, record, setUp, waiting, type Row } from '../testing/erase-lab';
import { ME } from '../testing/run-verb';

jest.setTimeout(30_000);

let local: SpecDynamoDb;
beforeAll(async () => {
  local = await startDynamoDb();
}, 40_000);
afterAll(() => local.stop());

const setUpLab = (setting: Parameters<typeof setUp>[1] = {}) => setUp(local.client, setting);

describe('outboxctl erase', () => {
  it('takes the content out of every table; numbers and what was done stay', async () => {
    const { run, rows, text } = await setUpLab();
    const before = await rows();
    const { exitCode, out } = await run('--json', 'erase', 'p-1', '--yes');
    expect({ exitCode, ...JSON.parse(out) }).toMatchObject({
      exitCode: 0,
      aggregate: 'parcel',
      id: 'p-1',
      dryRun: false,
      by: ME,
      at: day(0),
      erased: {
        events: 2,
        before: 0,
        owner: true,
        requests: true,
        records: { labels: 1, mails: 2 },
        changed: [],
      },
      unfinished: [],
      deadLetters: [],
    });
    expect(await text()).not.toContain(ADA);
    const after = await rows();
    expect(
      after.map(({ pk, sk, id, type, lastSequence, publishedAt, expiresAt, eventId, version, status }) => [
        ...[pk, sk, id, type, lastSequence, publishedAt, expiresAt, eventId, version, status],
      ]),
    ).toEqual(
      before.map(({ pk, sk, id, type, lastSequence, publishedAt, expiresAt, eventId, version, status }) => [
        ...[pk, sk, id, type, lastSequence, publishedAt, expiresAt, eventId, version, status],
      ]),
    );
    expect(await run('reconcile', '--grace', '0')).toMatchObject({ exitCode: 0 });
    expect(await run('trace', 'p-1')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining(`erased          its content, at ${day(0)}`),
    });
  });

  it('says where else the content is and until when', async () => {
    const { run } = await setUpLab({ others: ['pallet'] });
    const { out } = await run('erase', 'parcel/p-1', '--yes');
    expect(out.split('\n')).toEqual([
      `erased the content of parcel/p-1, by ${ME} at ${day(0)}`,
      '  outbox  2 events',
      '  head    owner, requests',
      '  labels  1 record',
      '  mails   2 records',
      'left to do',
      '  pallet/p-1 has the same id: outboxctl erase pallet/p-1',
      "can't be erased in place",
      `  archive archive: the events as they were published, until ${day(29)}`,
      `  point-in-time recovery of the tables: the items before, until ${day(35)}`,
      '  the service’s own tables, and whom consumers called: what they keep of it',
      '  log groups: ids of the aggregate and its events, and texts of errors',
    ]);
  });

  it('can be run again, and erases what came since', async () => {
    const { run, put, text } = await setUpLab();
    await run('erase', 'p-1', '--yes');
    expect(JSON.parse((await run('--json', 'erase', 'p-1', '--yes')).out)).toMatchObject({
      erased: { events: 0, before: 2, owner: false, requests: false, records: { labels: 0, mails: 0 } },
    });
    await put('outbox', event(3), { ...head, lastSequence: 3, lastCommit: 'c-3' });
    await put('labels', record(3));
    await put('mails', record(3), { ...inboxHead, lastVersion: 3, lastEventId: 'e-3' });
    expect(JSON.parse((await run('--json', 'erase', 'p-1', '--yes')).out)).toMatchObject({
      erased: { events: 1, before: 2, owner: true, records: { labels: 1, mails: 1 } },
    });
    expect(await text()).not.toContain(ADA);
  });

  it('only says what it would do in a dry run, and does nothing unless it is told to', async () => {
    const { run, rows } = await setUpLab();
    const before = await rows();
    expect(await run('erase', 'p-1', '--dry-run')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('would erase the content of parcel/p-1\n  outbox  2 events'),
    });
    expect(await run('erase', 'p-1')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--dry-run or --yes'),
    });
    expect(await run('erase', 'p-2', '--yes')).toMatchObject({ exitCode: 4 });
    expect(await rows()).toEqual(before);
  });

  it('leaves the owner where that is asked for', async () => {
    const { run, rows } = await setUpLab();
    expect(JSON.parse((await run('--json', 'erase', 'p-1', '--yes', '--keep-owner')).out)).toMatchObject({
      erased: { owner: false, requests: true },
    });
    expect((await rows()).find(({ sk }) => sk === 'HEAD')).toMatchObject({ owner: ADA, lastSequence: 2 });
  });

  it.each<[string, Row[], string]>([
    ['unpublished', [{ ...event(2), ...waiting, publishedAt: undefined }], 'event 2 is still unpublished'],
    ['failed', [{ ...event(2), ...failed, publishedAt: undefined }], 'event 2 is failed'],
    ['not done', [event(3), { ...head, lastSequence: 3 }], 'event 3 is not done by mails'],
  ])('refuses while an event is %s, and erases nothing', async (_state, outbox, message) => {
    const { run, put, rows } = await setUpLab();
    await put('outbox', ...outbox);
    const before = await rows();
    expect(await run('erase', 'p-1', '--yes')).toMatchObject({ exitCode: 1, err: expect.stringContaining(message) });
    expect(await rows()).toEqual(before);
  });

  it('erases what failed or is not done when it is told to; nothing publishes that any more', async () => {
    const { run, put, text, rows } = await setUpLab();
    const gaveUp = { ...event(4), ...failed, publishedAt: undefined };
    await put('outbox', event(3), gaveUp, { ...head, lastSequence: 4 });
    expect(await run('--json', 'erase', 'p-1', '--yes', '--unfinished')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining(
        '"unfinished":[{"sequence":3,"consumer":"labels"},{"sequence":3,"consumer":"mails"}]',
      ),
    });
    expect(await text()).not.toContain(ADA);
    const before = await rows();
    const refused = { exitCode: 1, err: expect.stringContaining('parcel/p-1 event 4 was erased at') };
    expect(await run('failed', 'retry', 'p-1', '--sequence', '4')).toMatchObject(refused);
    expect((await run('failed', 'retry', '--all')).out).toContain('0 due again');
    expect((await run('failed', 'retry', '--all')).out).toContain('1 stay failed: their content was erased');
    expect((await run('failed', 'list')).out).toContain('; its content was erased');
    expect(await run('reconcile', '--repair', '--wait', '0', '--grace', '0')).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('0 published again'),
    });
    expect(await rows()).toEqual(before);
    expect(await run('skip', 'p-1', '--consumer', 'mails', '--to', '4', '--reason', 'erased')).toMatchObject({
      exitCode: 0,
    });
    expect(await run('reconcile', '--grace', '0')).toMatchObject({ exitCode: 0 });
    expect((await run('restore', 'heads', '--reason', 'none')).out).toBe('0 moved of 1 aggregates');
    expect((await run('restore', 'consumers', '--reason', 'none')).out).toBe('0 moved of 1 aggregates');
    expect(await text()).not.toContain(ADA);
  });

  it('leaves alone what is made due again while it works, and says so', async () => {
    const { run, rows } = await setUpLab({ meanwhile: { ...event(2), ...waiting } });
    const { exitCode, out } = await run('erase', 'p-1', '--yes');
    expect(exitCode).toBe(1);
    expect(out).toContain('event 2 changed meanwhile: run it again');
    expect((await rows()).find(({ sk }) => sk === 'EVENT#0000000002')).toMatchObject({
      detail: expect.stringContaining(ADA),
    });
  });

  it('counts the dead letters about it by queue, gives them back, and fails until they are dropped', async () => {
    const body = (subject: string) =>
      JSON.stringify({
        detail: { id: 'e', type: 'ParcelMoved', aggregatetype: 'parcel', subject, sequence: '2', data: ADA },
      });
    const { run, shown } = await setUpLab({
      dead: [{ Body: body('p-1') }, { Body: body('p-2') }, { Body: 'no event, but p-1' }],
    });
    const { exitCode, out } = await run('erase', 'p-1', '--yes');
    expect(exitCode).toBe(1);
    expect(out).toContain(
      `2 dead letters of mails, until ${day(14)}: outboxctl dlq drop mails --aggregate parcel/p-1 --reason-text …`,
    );
    expect(shown()).toBe(3);
    expect(await run('erase', 'p-1', '--dry-run')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('2 dead letters'),
    });
  });

  it('looks through all dead letters, however many there are', async () => {
    const others = Array.from({ length: 10_000 }, () => ({ Body: 'about another' }));
    const { run, shown } = await setUpLab({ dead: [...others, { Body: 'no event, but p-1' }] });
    const { out } = await run('erase', 'p-1', '--dry-run');
    expect(out).toContain('1 dead letter of mails');
    expect(shown()).toBe(10_001);
  });

  it('says why, where it was told', async () => {
    const { run } = await setUpLab();
    expect(await run('erase', 'p-1', '--yes', '--reason', ' ')).toMatchObject({ exitCode: 2 });
    const { out } = await run('erase', 'p-1', '--yes', '--reason', 'request 17');
    expect(out).toMatch(/^erased the content of parcel\/p-1, by .*: request 17$/m);
  });
});
