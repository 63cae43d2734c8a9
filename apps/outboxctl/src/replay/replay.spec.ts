import {
  CancelReplayCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  DescribeRuleCommand,
  ListReplaysCommand,
  ListRuleNamesByTargetCommand,
  ResourceNotFoundException,
  StartReplayCommand,
  type EventBridgeClient,
  type StartReplayCommandInput,
} from '@aws-sdk/client-eventbridge';
import type { GetQueueAttributesRequest, SQSClient } from '@aws-sdk/client-sqs';
import { recordingClient } from '@outbox/testing';
import { NOW, runVerb } from '../testing/run-verb';
import { lambdaOf, RAISED, stackOf, versionsOf } from '../testing/stack';

const DAY = 86_400_000;
const daysAgo = (days: number): string => new Date(NOW - days * DAY).toISOString();

describe('outboxctl replay', () => {
  it('goes to the rules of the consumers, and to no other', async () => {
    const { run, started } = setUp();
    const { exitCode, out } = await run('replay', '--from', daysAgo(2), '--to', daysAgo(1));
    expect(exitCode).toBe(0);
    expect(out).toContain('replay archive-20260102000000 of 2025-12-31T00:00:00.000Z to 2026-01-01T00:00:00.000Z');
    expect(started()).toMatchObject([
      {
        ReplayName: 'archive-20260102000000',
        EventSourceArn: 'archive-arn',
        EventStartTime: new Date(NOW - 2 * DAY),
        EventEndTime: new Date(NOW - DAY),
        Destination: { Arn: 'bus-arn', FilterArns: ['rule-arn/labels', 'rule-arn/mails'] },
      },
    ]);
    await run('replay', '--from', daysAgo(2), '--consumer', 'mails', '--name', 'again');
    expect(started()[1]).toMatchObject({
      ReplayName: 'again',
      EventEndTime: new Date(NOW),
      Destination: { FilterArns: ['rule-arn/mails'] },
    });
  });

  it.each([
    [[], 'takes --from'],
    [['--from', daysAgo(1), '--to', daysAgo(2)], 'before --to'],
    [['--from', daysAgo(-1), '--to', daysAgo(-2)], 'yet to come'],
    [['--from', daysAgo(1), '--consumer', 'constructor'], 'no consumer constructor'],
    [['--from', daysAgo(46)], 'labels would do again'],
  ])('refuses %j', async (argv, message) => {
    const { run, started } = setUp();
    expect(await run('replay', ...argv)).toMatchObject({ exitCode: 2, err: expect.stringContaining(message) });
    expect(started()).toEqual([]);
  });

  it('asks for consent only where something would be done twice', async () => {
    const { run, started } = setUp();
    // In order: the head never expires, so that what lies behind it is never done again.
    expect((await run('replay', '--from', daysAgo(46), '--consumer', 'mails')).exitCode).toBe(0);
    expect((await run('replay', '--from', daysAgo(46), '--accept-repeats')).exitCode).toBe(0);
    expect((await run('replay', '--from', daysAgo(44))).exitCode).toBe(0);
    expect(started()).toHaveLength(3);
    const unknown = setUp({ inbox_retention_days: undefined });
    expect((await unknown.run('replay', '--from', daysAgo(1))).exitCode).toBe(2);
  });

  it('knows that consumers were told a week ago to remember longer, and says from when on it may be', async () => {
    const { run, started } = setUp({ inbox_retention_days: 90 }, { versions: RAISED });
    expect(await run('replay', '--from', daysAgo(46))).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining(`remember 45 days, so --from can be ${daysAgo(45)} at the earliest`),
    });
    expect((await run('replay', '--from', daysAgo(46), '--consumer', 'mails')).exitCode).toBe(0);
    expect((await run('replay', '--from', daysAgo(45))).exitCode).toBe(0);
    expect(started()).toHaveLength(2);
    // It is that date, and no other, however old what is asked for.
    const longAgo = setUp({ inbox_retention_days: 90 }, { versions: versionsOf([200, 45], [60, 90]) });
    expect((await longAgo.run('replay', '--from', daysAgo(100))).err).toContain(`${daysAgo(59)} at the earliest`);
  });

  it('takes no more than 14 days for sure where Lambda tells nothing, and says so', async () => {
    const versions = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    const { run } = setUp({}, { versions });
    expect((await run('replay', '--from', daysAgo(13))).exitCode).toBe(0);
    expect(await run('replay', '--from', daysAgo(15))).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining(`remember 14 days, so --from can be ${daysAgo(14)}`),
      progress: expect.stringContaining('lambda:ListVersionsByFunction on f-labels'),
    });
  });

  it('starts nothing when a consumer has no rule: a replay to no rule is one to every rule', async () => {
    const { run, started } = setUp({}, { rules: [] });
    expect(await run('replay', '--from', daysAgo(1))).toMatchObject({
      exitCode: 4,
      err: expect.stringContaining('no rule of bus bus fills the queue of labels'),
    });
    expect(started()).toEqual([]);
  });

  it.each([
    ['COMPLETED', '60', 0],
    ['FAILED', '60', 1],
    ['COMPLETED', '2', 1],
  ])('waits for %s at most %s seconds', async (end, seconds, exitCode) => {
    const { run } = setUp({}, { states: ['STARTING', 'RUNNING', 'RUNNING', 'RUNNING', end] });
    expect((await run('replay', '--from', daysAgo(1), '--wait', seconds)).exitCode).toBe(exitCode);
  });

  it('watches no longer once it is interrupted, and says how to stop what goes on', async () => {
    const { run } = setUp({}, { stop: AbortSignal.abort() });
    const { out, progress } = await run('replay', '--from', daysAgo(1), '--wait', '60', '--name', 'again');
    expect(out).toContain('replay again of');
    expect(progress).toContain('outboxctl replay cancel again');
  });

  it('says of what time the archive has nothing any more, and starts no replay that would send nothing', async () => {
    const archive = { RetentionDays: 30, CreationTime: new Date(NOW - 90 * DAY) };
    const { run, started } = setUp({}, { archive });
    const holds = `the archive holds what came to the bus since ${daysAgo(30)}`;
    expect(await run('replay', '--from', daysAgo(40), '--to', daysAgo(31))).toMatchObject({
      exitCode: 4,
      err: expect.stringContaining(`${holds}, and nothing of that time`),
    });
    expect(started()).toEqual([]);
    const some = await run('replay', '--from', daysAgo(40), '--to', daysAgo(20));
    expect(some).toMatchObject({ exitCode: 0, progress: expect.stringContaining(`${holds}: nothing older is sent`) });
    expect((await run('replay', '--from', daysAgo(29), '--to', daysAgo(20))).progress).not.toContain(holds);
    expect(started()).toHaveLength(2);
  });

  it('lists and cancels the replays of this archive only', async () => {
    const { run, cancelled } = setUp();
    expect(JSON.parse((await run('--json', 'replay', 'list')).out)).toMatchObject([
      { name: 'newer', state: 'RUNNING' },
      { name: 'older', state: 'COMPLETED' },
    ]);
    expect(await run('replay', 'cancel', 'newer')).toMatchObject({ exitCode: 0, out: 'replay newer: CANCELLING' });
    expect((await run('replay', 'cancel', 'other-archive')).exitCode).toBe(4);
    expect((await run('replay', 'cancel', 'unknown')).exitCode).toBe(4);
    expect(cancelled()).toEqual(['newer']);
  });
});

interface World {
  readonly rules?: readonly string[];
  readonly archive?: object;
  readonly states?: readonly string[];
  readonly stop?: AbortSignal;
  readonly versions?: Parameters<typeof lambdaOf>[0];
}

/** An account with an archive whose replays go through `states`, one more at each look. */
function setUp(
  outputs: Readonly<Record<string, unknown>> = {},
  {
    rules = [''],
    states = ['RUNNING'],
    archive = {},
    stop = new AbortController().signal,
    versions = versionsOf([200, 45]),
  }: World = {},
) {
  const started: StartReplayCommandInput[] = [];
  const cancelled: (string | undefined)[] = [];
  let looks = 0;
  let now = NOW;
  const replay = (ReplayName: string | undefined, startedAt: number, State: string | undefined) => ({
    ReplayName,
    State,
    EventSourceArn: 'archive-arn',
    EventStartTime: started[0]?.EventStartTime,
    EventEndTime: started[0]?.EventEndTime,
    ReplayStartTime: new Date(startedAt),
  });
  const send = async (command: unknown): Promise<unknown> => {
    if (command instanceof DescribeArchiveCommand)
      return { ArchiveArn: 'archive-arn', EventSourceArn: 'bus-arn', ...archive };
    if (command instanceof ListRuleNamesByTargetCommand) {
      return { RuleNames: rules.map(() => command.input.TargetArn?.replace('queue-arn/', '')) };
    }
    if (command instanceof DescribeRuleCommand) return { Arn: `rule-arn/${command.input.Name}` };
    if (command instanceof StartReplayCommand) return void started.push(command.input);
    if (command instanceof DescribeReplayCommand) {
      const { ReplayName } = command.input;
      if (ReplayName === 'unknown') throw new ResourceNotFoundException({ message: 'no', $metadata: {} });
      if (ReplayName === 'other-archive') return { ReplayName, EventSourceArn: 'other-arn' };
      return replay(ReplayName, NOW, states[Math.min(looks++, states.length - 1)]);
    }
    if (command instanceof ListReplaysCommand) {
      expect(command.input.EventSourceArn).toBe('archive-arn');
      return command.input.NextToken === undefined
        ? { Replays: [replay('older', NOW - 2, 'COMPLETED')], NextToken: 'more' }
        : { Replays: [replay('newer', NOW - 1, 'RUNNING')] };
    }
    if (command instanceof CancelReplayCommand) {
      cancelled.push(command.input.ReplayName);
      return { State: 'CANCELLING' };
    }
    throw new Error('EventBridge is asked for something else');
  };
  const sqs = recordingClient((input) => ({
    Attributes: { QueueArn: `queue-arn/${(input as GetQueueAttributesRequest).QueueUrl?.split('/').at(-1)}` },
  }));
  const run = (...argv: readonly string[]) =>
    runVerb(
      {
        stack: () => Promise.resolve(stackOf(outputs)),
        lambda: () => lambdaOf(versions).lambda,
        eventbridge: () => ({ send }) as unknown as EventBridgeClient,
        sqs: () => sqs as unknown as SQSClient,
        now: () => now,
        protect: (work) => work(stop),
        sleep: (ms) => {
          now += ms;
          return Promise.resolve();
        },
      },
      argv,
    );
  return { run, started: () => started, cancelled: () => cancelled };
}
