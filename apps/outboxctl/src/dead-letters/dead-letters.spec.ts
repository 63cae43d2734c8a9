import { letter, place, setUp } from '../testing/dead-letter-lab';
import { ME, NOW } from '../testing/run-verb';
import { readDeadLetter } from './dead-letter';
import { batches } from './dead-letter-queue';

describe('outboxctl dlq list', () => {
  it('counts what each queue has and of what it died, and fails when there is any', async () => {
    const { run, dead } = setUp([letter(1), letter(2, { reason: 'gap' })]);
    const { exitCode, out } = await run('dlq', 'list');
    expect(exitCode).toBe(1);
    expect(out.split('\n')).toEqual([
      'pipe                 none',
      'outbox-sweeper       none',
      'outbox-acknowledger  none',
      'labels               none',
      'mails                2 dead: 1 gap, 1 max-receives',
    ]);
    expect(dead()).toHaveLength(2);
    expect((await run('dlq', 'list', '--no-reasons')).out).toMatch(/^mails +2 dead$/m);
    expect(await setUp([]).run('dlq', 'list')).toMatchObject({ exitCode: 0 });
  });
});

describe('outboxctl dlq show', () => {
  it('says what died of what, and leaves it where it was', async () => {
    const { run, dead } = setUp([
      letter(3, { reason: 'gap', detail: 'version 2 never came', receiveCount: '7' }),
      letter(1, { ERROR_CODE: 'NO_PERMISSIONS', ERROR_MESSAGE: 'not allowed' }),
      letter(2),
      { Body: 'not json' },
    ]);
    const { exitCode, out } = await run('dlq', 'show', 'mails');
    expect(exitCode).toBe(0);
    expect(out.split('\n')).toEqual([
      'parcel/p-1 event 3  ParcelMoved  gap: version 2 never came  received 7 times',
      'parcel/p-1 event 1  ParcelRegistered  NO_PERMISSIONS: not allowed',
      'parcel/p-1 event 2  ParcelMoved  max-receives',
      'message m-3  max-receives',
      'by reason: 2 max-receives, 1 gap, 1 NO_PERMISSIONS',
      '4 shown; once the reason is mended: outboxctl dlq redrive mails',
    ]);
    expect(dead()).toHaveLength(4);
    expect((await run('dlq', 'show', 'mails', '--limit', '2')).out).toContain('2 of 4 shown (--limit shows');
    expect((await run('dlq', 'show', 'mails', '--limit', '4')).out).toContain('4 shown; once');
    expect(JSON.parse((await run('--json', 'dlq', 'show', 'mails', '--limit', '1')).out)).toMatchObject([
      { reason: 'gap', event: { eventId: 'p-1-3', aggregate: 'parcel', id: 'p-1', sequence: 3 } },
    ]);
  });
});

describe('outboxctl dlq show, of what is no event', () => {
  it('says that it can only be dropped', async () => {
    const { run } = setUp([letter(1), { ...letter(1, { reason: 'malformed', receiveCount: '1' }), Body: 'not json' }]);
    expect((await run('dlq', 'show', 'mails', '--reason', 'malformed')).out).toMatch(
      /received once\n.*\n1 shown; no event is among them.*dlq drop mails --reason REASON --reason-text WHY$/,
    );
    expect((await run('dlq', 'show', 'mails')).out).toMatch(/outboxctl dlq redrive mails$/);
  });
});

describe('outboxctl dlq redrive', () => {
  it('sends an in-order consumer its events by aggregate and sequence', async () => {
    const twelve = [7, 3, 12, 1, 9, 2, 11, 5, 4, 10, 8, 6].map((version) => letter(version));
    const { run, dead, sent } = setUp([...twelve, letter(1, {}, 'a-parcel')]);
    expect(await run('dlq', 'redrive', 'mails')).toEqual({
      exitCode: 0,
      out: `13 sent back to mails\nby ${ME} at ${new Date(NOW).toISOString()}`,
      err: '',
      progress: '',
    });
    expect(sent().map(place)).toEqual(['a-parcel 1', ...Array.from({ length: 12 }, (_, index) => `p-1 ${index + 1}`)]);
    expect(dead()).toEqual([]);
  });

  it.each([
    [['--reason', 'gap'], ['p-1 2']],
    [['--aggregate', 'p-2'], ['p-2 1']],
    [['--aggregate', 'parcel/p-2'], ['p-2 1']],
  ])('takes %j only, the others stay', async (argv, expected) => {
    const another = letter(1, {}, 'p-2', 'pallet');
    const { run, dead, sent } = setUp([letter(1), letter(2, { reason: 'gap' }), letter(1, {}, 'p-2'), another]);
    expect(await run('dlq', 'redrive', 'mails', ...argv)).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^1 sent back to mails; 3 others stay$/m),
    });
    expect(sent().map(place)).toEqual(expected);
    expect(dead()).toHaveLength(3);
  });

  it('says of each what it was set aside for: so the consumer knows it from a new one, and doesn’t count it as late', async () => {
    const { run, sent } = setUp([letter(1, { reason: 'gap', detail: 'd' }), letter(2)]);
    await run('dlq', 'redrive', 'mails');
    expect(sent().map(({ MessageAttributes }) => MessageAttributes)).toEqual(
      ['gap', 'max-receives'].map((reason) => ({ redriven: { DataType: 'String', StringValue: reason } })),
    );
  });

  it('sends those alone whose message ids are given', async () => {
    const { run, dead } = setUp([letter(1), letter(2), letter(3)]);
    const { out } = await run('dlq', 'redrive', 'mails', '--message', 'm-0', '--message', 'm-2');
    expect(out).toMatch(/^2 sent back to mails; 1 others stay$/m);
    expect(dead().map(({ MessageId }) => MessageId)).toEqual(['m-1']);
  });

  it('takes those of an event type, and those set aside within a time', async () => {
    const at = (time: string, message: ReturnType<typeof letter>) => ({
      ...message,
      Attributes: { SentTimestamp: String(Date.parse(time)) },
    });
    const { run, dead } = setUp([
      at('2026-01-01T20:00:00Z', letter(1)),
      at('2026-01-01T23:00:00Z', letter(2)),
      at('2026-01-01T23:30:00Z', letter(3)),
    ]);
    expect((await run('dlq', 'show', 'mails', '--type', 'ParcelMoved')).out).toContain('2 shown');
    const { out } = await run('dlq', 'redrive', 'mails', '--since', '2h', '--before', '2026-01-01T23:15:00Z');
    expect(out).toMatch(/^1 sent back to mails; 2 others stay$/m);
    expect(dead().map(place)).toEqual(['p-1 1', 'p-1 3']);
    await run('dlq', 'redrive', 'mails', '--type', 'ParcelMoved');
    expect(dead().map(place)).toEqual(['p-1 1']);
  });

  it('only says what it would do in a dry run', async () => {
    const { run, dead, sent } = setUp([letter(1), letter(2, { reason: 'gap' }), { Body: 'not json' }]);
    expect(await run('dlq', 'redrive', 'mails', '--dry-run')).toMatchObject({
      exitCode: 0,
      out: '2 would be sent back to mails (1 gap, 1 max-receives); 1 stay: they are not events (outboxctl dlq show mails)',
    });
    expect(JSON.parse((await run('--json', 'dlq', 'redrive', 'mails', '--dry-run', '--reason', 'gap')).out)).toEqual({
      ...{ queue: 'mails', dryRun: true, redriven: 1, reasons: { gap: 1 }, unwanted: 2, unreadable: 0, returned: 0 },
      ...{ filter: { messages: [], reason: 'gap' }, by: ME, at: expect.any(String) as string },
    });
    expect([dead().length, sent()]).toEqual([3, []]);
  });

  it('leaves what is no event, and says so', async () => {
    const { run, dead } = setUp([{ Body: '{"detail":{"id":"x"}}' }, letter(1)]);
    expect(await run('dlq', 'redrive', 'mails')).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('1 sent back to mails; 1 stay: they are not events'),
    });
    expect(dead().map(({ Body }) => Body)).toEqual(['{"detail":{"id":"x"}}']);
  });

  it('leaves what EventBridge could not decrypt, and says how its event comes back', async () => {
    // As the user guide shows it (eb-encryption-event-bus-dlq-decrypt).
    const encrypted = {
      source: 'aws.events',
      'detail-type': 'Encrypted Events',
      detail: {
        'event-bus-arn': 'arn:bus',
        'rule-arn': 'arn:rule',
        'kms-key-arn': 'arn:key',
        'encrypted-payload': 'Ag==',
      },
    };
    const { run, dead } = setUp([{ Body: JSON.stringify(encrypted) }, letter(1)]);
    expect((await run('dlq', 'show', 'mails')).out).toContain('encrypted: EventBridge could not use the key arn:key');
    expect(await run('dlq', 'redrive', 'mails')).toMatchObject({
      exitCode: 1,
      out: expect.stringMatching(/^1 sent back to mails; 1 stay: .*outboxctl reconcile --repair/),
    });
    expect(dead()).toHaveLength(1);
  });

  it('sends what dies again at once only once', async () => {
    const { run, dead, sent } = setUp([letter(1)], { diesAgain: true });
    expect(await run('--json', 'dlq', 'redrive', 'mails')).toMatchObject({
      exitCode: 1,
      out: JSON.stringify({
        ...{ queue: 'mails', redriven: 1, reasons: { 'max-receives': 1 }, unwanted: 0, unreadable: 0, returned: 1 },
        ...{ by: ME, at: new Date(NOW).toISOString() },
      }),
    });
    expect([sent().length, dead().length]).toEqual([1, 1]);
  });

  it('keeps what SQS does not take, moves what it takes, and says what it said', async () => {
    const { run, dead, sent } = setUp([letter(1), letter(2)], { refuses: 'p-1 2' });
    expect(await run('dlq', 'redrive', 'mails')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('did not send 1 messages: InternalError try again'),
    });
    expect(sent().map(place)).toEqual(['p-1 1']);
    expect(dead().map(place)).toEqual(['p-1 2']);
  });

  it.each([
    ['receives', 'ReceiveMessage', 0],
    ['sends', 'SendMessageBatch', 10],
  ])('gives back what it has received when it is interrupted while it %s', async (_what, call, redriven) => {
    const { run, dead, sent } = setUp(
      Array.from({ length: 25 }, (_, index) => letter(index + 1)),
      { interruptedBy: call },
    );
    const { out } = await run('dlq', 'redrive', 'mails');
    const givenBack = call === 'ReceiveMessage' ? 10 : 15;
    expect(out.split('\n')[0]).toBe(
      `${redriven} sent back to mails; interrupted: ${givenBack} that were received are back in the queue`,
    );
    expect([sent().length, dead().length]).toEqual([redriven, 25 - redriven]);
  });

  it('gives back what it has received when SQS fails, and says so when it can’t', async () => {
    const letters = Array.from({ length: 25 }, (_, index) => letter(index + 1));
    const failing = setUp(letters, { fails: ['SendMessageBatch'] });
    expect(await failing.run('dlq', 'redrive', 'mails')).toMatchObject({
      exitCode: 1,
      err: 'outboxctl: SendMessageBatch failed',
    });
    expect(failing.dead()).toHaveLength(25);
    const away = setUp(letters, { fails: ['SendMessageBatch', 'ChangeMessageVisibilityBatch'] });
    expect(await away.run('dlq', 'redrive', 'mails')).toMatchObject({
      exitCode: 1,
      err: 'outboxctl: SendMessageBatch failed',
      progress: 'up to 25 dead letters could not be given back: they are back in view within 30 s',
    });
  });

  it('goes on when somebody else has deleted what it holds', async () => {
    const lab = setUp([letter(1), letter(2, { reason: 'gap' })]);
    const { onCall } = lab.queue;
    lab.queue.onCall = (call) => {
      onCall(call);
      if (call === 'SendMessageBatch') lab.queue.remove('m-0');
    };
    expect(await lab.run('dlq', 'redrive', 'mails', '--reason', 'gap')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('1 sent back to mails; 1 others stay'),
    });
  });

  it('says what another run still holds', async () => {
    const { run } = setUp([letter(1), letter(2), letter(3)], { held: 2 });
    expect(await run('dlq', 'redrive', 'mails')).toMatchObject({
      exitCode: 1,
      out: expect.stringMatching(/^1 sent back to mails; about 2 are held by another run/),
      progress: '2 are hidden by another run, or one that was killed: waiting for them …',
    });
  });

  it('takes nothing that it has just deleted for another run’s', async () => {
    const { run } = setUp([letter(1), letter(2)], { isLate: true });
    expect(await run('dlq', 'redrive', 'mails')).toMatchObject({ exitCode: 0, progress: '' });
  });

  it('names the queues there are', async () => {
    expect(await setUp([]).run('dlq', 'redrive', 'nobody')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('there are pipe, outbox-sweeper, outbox-acknowledger, labels, mails'),
    });
  });
});

describe('batches', () => {
  it('hold at most ten messages and 256 KiB with their attributes, in the order given', () => {
    const sized = (kilobytes: number) => readDeadLetter({ Body: 'x'.repeat(kilobytes * 1024) });
    const sizes = [200, 55, 1, 256, ...Array.from({ length: 11 }, () => 1)].map(sized);
    expect(batches(sizes).map(({ length }) => length)).toEqual([2, 1, 1, 10, 1]);
    expect(batches(sizes).flat()).toEqual(sizes);
  });
});
