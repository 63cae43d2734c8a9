import type { Job } from '@outbox/console-api';
import type { ProgramDefinition } from '@outbox/cli-kit';
import type { CliContext, OwnContext } from '../commands/context';
import { stackOf } from '../testing/stack';
import { Commands, Jobs } from './jobs';

type Work = (context: CliContext, command: { readonly args: string[] }) => Promise<void>;

/** A console whose commands `sweep`, `pause` and `dlq redrive` do what a spec says. */
function setUp(work: Work) {
  const definition: ProgramDefinition<OwnContext> = {
    name: 'outboxctl',
    description: '',
    examples: '',
    verbExamples: {},
    commands: ['sweep', 'pause', 'reconcile'].map((name) => (program, context) => {
      const command = program.command(name).argument('[stage]').option('--limit <n>');
      command.action(() => work(context as CliContext, command));
    }),
  };
  let time = 0;
  const told: Job[] = [];
  const printed: string[] = [];
  const print = (text: string): void => void printed.push(text);
  const context = { now: () => (time += 1_000) } as unknown as CliContext;
  const commands = new Commands(definition, context, stackOf(), {});
  const jobs = new Jobs(commands, { now: context.now, newId: () => `job-${time}`, print }, (job) => told.push(job));
  return { jobs, told, printed, ended: () => jobs.stop() };
}

describe('what a page has done', () => {
  it('is a command: with its progress, and what it printed', async () => {
    const { jobs, told, ended } = setUp(async (context) => {
      context.status?.('3 sent …');
      context.print('{"due":4}');
    });
    expect(jobs.start({ action: 'sweep' })).toMatchObject({ command: 'outboxctl sweep', state: 'running' });
    await ended();
    expect(told.map(({ state, progress, output }) => [state, progress, output])).toEqual([
      ['running', '', []],
      ['running', '3 sent …', []],
      ['done', '', [{ due: 4 }]],
    ]);
    expect(jobs.list()).toHaveLength(1);
  });

  it('is on the console’s own output too when it changes something, line by line', async () => {
    const changing = setUp(async ({ print }) => {
      for (let line = 0; line < 1_200; line += 1) print(`{"dropped":${line}}`);
    });
    changing.jobs.start({ action: 'sweep' });
    await changing.ended();
    expect(changing.printed).toHaveLength(1_201);
    expect(changing.printed.slice(0, 2)).toEqual(['outboxctl sweep', '{"dropped":0}']);
    expect(changing.told.at(-1)?.output).toHaveLength(1_000);

    const looking = setUp(async ({ print }) => print('{}'));
    looking.jobs.start({ action: 'reconcile' });
    await looking.ended();
    expect(looking.printed).toEqual([]);
  });

  it('fails in words when the command does, and is done when it only found something', async () => {
    const failing = setUp(() => Promise.reject(new Error('SQS refused 3')));
    failing.jobs.start({ action: 'sweep' });
    await failing.ended();
    expect(failing.told.at(-1)).toMatchObject({ state: 'failed', error: 'SQS refused 3' });

    const finding = setUp(async (context) => context.setExitCode(1));
    finding.jobs.start({ action: 'reconcile' });
    await finding.ended();
    expect(finding.told.at(-1)).toMatchObject({ state: 'done' });
  });

  it('runs one job of an action at a time, and others beside it', async () => {
    const begun: string[] = [];
    const going: (() => void)[] = [];
    const { jobs, ended } = setUp(async (_context, { args }) => {
      begun.push(args[0] ?? 'sweep');
      await new Promise<void>((resolve) => going.push(resolve));
    });
    jobs.start({ action: 'pause', stage: 'first' });
    jobs.start({ action: 'pause', stage: 'second' });
    jobs.start({ action: 'sweep' });
    await new Promise(setImmediate);
    expect(begun.sort()).toEqual(['first', 'sweep']);
    const stopped = ended();
    while (begun.length < 3) {
      going.shift()?.();
      await new Promise(setImmediate);
    }
    for (const go of going) go();
    await stopped;
    expect(begun).toContain('second');
  });

  it('is told to stop when the console ends', async () => {
    const { jobs, told, ended } = setUp((context) =>
      context.protect(async (stop) => context.print(String(stop.aborted))),
    );
    jobs.start({ action: 'sweep' });
    await ended();
    expect(told.at(-1)).toMatchObject({ output: [true] });
  });
});
