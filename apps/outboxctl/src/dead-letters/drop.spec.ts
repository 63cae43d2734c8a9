import { letter, setUp } from '../testing/dead-letter-lab';
import { ME } from '../testing/run-verb';

describe('outboxctl dlq show --body', () => {
  it('brings each body, in one line', async () => {
    const { run } = setUp([{ Body: 'not\njson' }]);
    expect((await run('dlq', 'show', 'mails', '--body')).out).toMatch(/^message m-0.*\n {2}not json\n/);
    const withReason = setUp([letter(1, { reason: 'gap', detail: 'd' })]);
    expect((await withReason.run('dlq', 'show', 'mails', '--body')).out).toContain(
      '  attributes: reason="gap" detail="d"',
    );
  });
});

describe('outboxctl dlq drop', () => {
  const why = ['--reason-text', 'nobody needs them'];
  const letters = () => [
    letter(1, { reason: 'gap' }),
    letter(2),
    letter(1, { reason: 'gap' }, 'p-2'),
    { Body: 'not json, but p-1' },
  ];

  it.each([
    [['--message', 'm-1'], ['m-1']],
    [
      ['--reason', 'gap'],
      ['m-0', 'm-2'],
    ],
    [
      ['--aggregate', 'p-1'],
      ['m-0', 'm-1', 'm-3'],
    ],
    [['--aggregate', 'p-1', '--reason', 'gap'], ['m-0']],
  ])('removes %j only, with an audit line for each', async (argv, gone) => {
    const { run, dead, sent } = setUp(letters());
    const { exitCode, out } = await run('dlq', 'drop', 'mails', ...argv, ...why);
    expect(exitCode).toBe(0);
    const lines = out.split('\n');
    expect(lines.pop()).toBe(`${gone.length} dropped from mails; ${4 - gone.length} others stay`);
    expect(lines).toEqual(
      gone.map((id) => expect.stringMatching(`^dropped ${id} of mails  .*  by ${ME} at .*: nobody needs them$`)),
    );
    const left = ['m-0', 'm-1', 'm-2', 'm-3'].filter((id) => !gone.includes(id));
    expect(dead().map(({ MessageId }) => MessageId)).toEqual(left);
    expect(sent()).toEqual([]);
  });

  it('takes no queue as a whole, no empty reason, and says when there is none such', async () => {
    const { run, dead } = setUp(letters());
    expect(await run('dlq', 'drop', 'mails', ...why)).toMatchObject({ exitCode: 2 });
    expect(await run('dlq', 'drop', 'mails', '--reason', 'gap', '--reason-text', ' ')).toMatchObject({ exitCode: 2 });
    expect(await run('dlq', 'drop', 'nobody', '--reason', 'gap', ...why)).toMatchObject({ exitCode: 2 });
    expect(await run('dlq', 'drop', 'mails', '--message', 'm-9', ...why)).toMatchObject({
      exitCode: 4,
      out: '0 dropped from mails; 4 others stay',
    });
    expect(dead()).toHaveLength(4);
  });

  it('only says what it would do in a dry run', async () => {
    const { run, dead } = setUp(letters());
    const { exitCode, out } = await run('dlq', 'drop', 'mails', '--reason', 'gap', '--dry-run', ...why);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^would have dropped m-0 of mails /);
    expect(out).toMatch(/^2 would be dropped from mails; 2 others stay$/m);
    expect(dead()).toHaveLength(4);
  });

  it('says what is gone also when SQS deletes but a part', async () => {
    const { run, dead } = setUp(letters(), { keeps: 'm-2' });
    const { exitCode, out, err } = await run('dlq', 'drop', 'mails', '--reason', 'gap', ...why);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: expect.stringMatching(/^dropped m-0 of mails [^\n]*$/) });
    expect(err).toContain('SQS did not delete 1 messages: InternalError try again');
    expect(dead().map(({ MessageId }) => MessageId)).toEqual(['m-1', 'm-2', 'm-3']);
  });

  it('takes a text that no event can be read from as about an aggregate only where its whole id stands', async () => {
    const { run, dead } = setUp([{ Body: 'p-1' }, { Body: 'p-10' }, { Body: '"p-1-b"' }, { Body: 'xp-1' }]);
    await run('dlq', 'drop', 'mails', '--aggregate', 'p-1', ...why);
    expect(dead().map(({ Body }) => Body)).toEqual(['p-10', '"p-1-b"', 'xp-1']);
  });

  it('has a line of its own for each, whatever a letter says of itself', async () => {
    const { run } = setUp([letter(1, { reason: 'gap\ndropped m-9 of mails  \u001b[2J' })]);
    const { out } = await run('dlq', 'drop', 'mails', '--message', 'm-0', ...why);
    expect(out.split('\n')).toHaveLength(2);
    expect(out).not.toContain('\u001b');
  });

  it('gives back what it did not drop when it fails', async () => {
    const { run, dead } = setUp(letters(), { fails: ['DeleteMessageBatch'] });
    expect(await run('dlq', 'drop', 'mails', '--reason', 'gap', ...why)).toMatchObject({ exitCode: 1 });
    expect(dead()).toHaveLength(4);
  });
});
