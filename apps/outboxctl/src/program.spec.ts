import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadStack } from './stack';
import { runVerb } from './testing/run-verb';
import { stackOf } from './testing/stack';

describe('outboxctl', () => {
  let folder: string;
  let stackFile: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'outboxctl-'));
    stackFile = join(folder, 'stack.json');
    writeFileSync(stackFile, JSON.stringify(outputs()));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    [['trace', 'p-1', '--wait', 'soon'], 2, 'seconds'],
    [['no-such-verb'], 2, 'no-such-verb'],
  ])('refuses %j with exit code %i', async (argv, exitCode, message) => {
    const run = await outboxctl(...argv);

    expect(run.exitCode).toBe(exitCode);
    expect(run.err).toContain(message);
  });

  it('tells its version', async () => {
    expect(await withoutStack('--version')).toMatchObject({ exitCode: 0, out: '1.2.3' });
    expect(await withoutStack('--json', '--version')).toMatchObject({ exitCode: 0, out: '{"version":"1.2.3"}' });
  });

  it.each([
    [['--json'], 2, { message: 'no command is given', hint: expect.any(String) }],
    [['dlq', '--json'], 2, { message: 'no command is given', hint: expect.any(String) }],
    [['--json', 'no-such-verb'], 2, { message: "unknown command 'no-such-verb'", hint: expect.any(String) }],
    [
      ['lag', '--json', '--now', '5'],
      2,
      { message: expect.stringContaining("'--now <time>'"), hint: expect.any(String) },
    ],
  ])('tells errors as JSON under --json: %j', async (argv, exitCode, error) => {
    const run = await outboxctl(...argv);
    expect({ exitCode: run.exitCode, out: run.out, err: JSON.parse(run.err) as unknown }).toEqual({
      exitCode,
      out: '',
      err: { error },
    });
  });

  it('takes the stack of another service from its one output `stack`', async () => {
    const values = Object.entries(outputs()).map(([name, { value }]) => [name, value]);
    writeFileSync(stackFile, JSON.stringify({ stack: { value: Object.fromEntries(values) }, other: { value: 1 } }));

    expect(await loadStack(stackFile, folder, {})).toMatchObject({ pipe_name: 'pipe', aggregate_types: ['parcel'] });
  });

  it('says how to get a stack when the outputs describe none', async () => {
    writeFileSync(stackFile, '{}');

    const run = await outboxctl('lag');

    expect(run.exitCode).toBe(2);
    expect(run.err).toContain('make -s env');
  });

  it.each([
    ['dlq', 'redrive', 'mails'],
    ['failed', 'retry', 'p-1', '--sequence', '1'],
    ['failed', 'retry', '--all'],
    ['reconcile', '--repair'],
    ['replay', '--from', '1h'],
    ['replay', 'cancel', 'r-1'],
    ['restore', 'heads', '--reason', 'lost'],
    ['restore', 'consumers', '--reason', 'lost'],
    ['skip', 'p-1', '--consumer', 'mails', '--to', '1', '--reason', 'lost'],
    ['sweep'],
  ])('lets a change come to its end when it is interrupted: %s %s', async (...argv) => {
    const asked: unknown[] = [];
    const client = () => ({ send: (command: unknown) => Promise.reject(asked.push(command)) }) as never;
    const run = await runVerb(
      {
        stack: () => Promise.resolve(stackOf()),
        ...{ dynamodb: client, lambda: client, sqs: client, eventbridge: client },
        protect: () => Promise.reject(new Error('made under protect')),
      },
      argv,
    );
    expect(run.err).toBe('outboxctl: made under protect');
    expect(asked).toEqual([]);
  });

  function withoutStack(...argv: string[]) {
    return runVerb({ stack: () => Promise.reject(new Error('no stack is needed')) }, argv);
  }

  function outboxctl(...argv: string[]): Promise<{ exitCode: number; out: string; err: string }> {
    return runVerb(
      {
        stack: (command) => loadStack(command.optsWithGlobals<{ stack?: string }>().stack, folder, {}),
      },
      ['--stack', stackFile, ...argv],
    );
  }
});

function outputs(): Record<string, { value: unknown }> {
  const values = {
    event_bus_name: 'bus',
    outbox_table_name: 'outbox',
    event_source: 'parcels',
    aggregate_types: ['parcel'],
    pipe_name: 'pipe',
    archive_name: 'archive',
    consumers: {},
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}
