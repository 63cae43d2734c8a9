import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { PipesClient } from '@aws-sdk/client-pipes';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { stackOf } from './testing/stack';
import { runVerb } from './testing/run-verb';

/** A pipe and a mapping, each of which takes two looks to change. */
function setUp(pipe: string, mapping: string) {
  const asked: string[] = [];
  const machine = (initial: string, steps: Readonly<Record<string, readonly string[]>>) => {
    let states = [initial];
    return {
      look: () => (states.length > 1 ? (states.shift() ?? '') : (states[0] ?? '')),
      go: (name: string) => {
        asked.push(name);
        states = [...(steps[name] ?? [])];
      },
    };
  };
  const pipes = machine(pipe, { StopPipe: ['STOPPING', 'STOPPED'], StartPipe: ['STARTING', 'RUNNING'] });
  const mappings = machine(mapping, { off: ['Disabling', 'Disabled'], on: ['Enabling', 'Enabled'] });
  const nameOf = (command: object): string => command.constructor.name.replace(/Command$/, '');
  const send = (command: {
    readonly input: { readonly Enabled?: boolean; readonly QueueUrl?: string };
  }): Promise<unknown> => {
    const name = nameOf(command);
    if (name === 'StopPipe' || name === 'StartPipe') pipes.go(name);
    if (name === 'DescribePipe') return Promise.resolve({ CurrentState: pipes.look() });
    if (name === 'UpdateEventSourceMapping') mappings.go(command.input.Enabled ? 'on' : 'off');
    if (name === 'GetEventSourceMapping') return Promise.resolve({ UUID: 'u', State: mappings.look() });
    if (name === 'ListEventSourceMappings') return Promise.resolve({ EventSourceMappings: [{ UUID: 'u' }] });
    return Promise.resolve({ Attributes: { QueueArn: `arn:${command.input.QueueUrl}` } });
  };
  const client =
    <T>() =>
    (): T =>
      ({ send }) as unknown as T;
  const context = {
    stack: () => Promise.resolve(stackOf()),
    pipes: client<PipesClient>(),
    lambda: client<LambdaClient>(),
    sqs: client<SQSClient>(),
  };
  return { asked, run: (...argv: readonly string[]) => runVerb(context, argv) };
}

describe('outboxctl pause and resume', () => {
  it.each([
    ['pause', 'pipe', 'StopPipe', 'pipe is STOPPED'],
    ['resume', 'pipe', 'StartPipe', 'pipe is RUNNING'],
    ['pause', 'mails', 'off', 'mails is Disabled'],
    ['resume', 'mails', 'on', 'mails is Enabled'],
    ['pause', 'outbox-acknowledger', 'off', 'outbox-acknowledger is Disabled'],
  ])('%s %s, and wait until it is so', async (verb, stage, request, out) => {
    const { asked, run } = verb === 'pause' ? setUp('RUNNING', 'Enabled') : setUp('STOPPED', 'Disabled');
    expect(await run(verb, stage)).toMatchObject({ exitCode: 0, out });
    expect(asked).toEqual([request]);
  });

  it('ask for nothing that is so already', async () => {
    const { asked, run } = setUp('STOPPED', 'Enabled');
    expect((await run('--json', 'pause', 'pipe')).out).toBe('{"stage":"pipe","state":"STOPPED"}');
    expect(asked).toEqual([]);
  });

  it('name what can be paused', async () => {
    expect(await setUp('RUNNING', 'Enabled').run('pause', 'bus')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('there are pipe, labels, mails, outbox-acknowledger'),
    });
  });
});
