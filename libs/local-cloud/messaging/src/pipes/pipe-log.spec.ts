import {
  AwsError,
  EngineClock,
  servicePrincipal,
  type AwsCalls,
  type Caller,
  type Identity,
  type InputOf,
} from '@outbox/local-cloud-kernel';
import { ExecutionError } from './errors';
import { PipeLog } from './pipe-log';
import type { StoredPipe } from './pipe-store';

type Put = InputOf<'logs', 'PutLogEvents'>;

const NOW = Date.UTC(2026, 0, 1);
const arn = 'arn:aws:pipes:us-east-1:000000000000:pipe/outbox';

describe('the log of a pipe', () => {
  let puts: Put[];
  let callers: Caller[];
  let denied: boolean;

  beforeEach(() => {
    puts = [];
    callers = [];
    denied = false;
  });

  const logOf = (Level: 'OFF' | 'ERROR' | 'INFO' | 'TRACE', IncludeExecutionData?: 'ALL'[]): PipeLog => {
    const LogGroupArn = 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/pipes/outbox:*';
    const log = { Level, IncludeExecutionData, CloudwatchLogsLogDestination: { LogGroupArn } };
    const pipe: Partial<StoredPipe> = { arn, name: 'outbox', accountId: '000000000000', region: 'us-east-1', log };
    const calls = {
      call: (_service: string, operation: string, input: Put, { caller }: { caller: Caller }) => {
        callers.push(caller);
        if (denied) return Promise.reject(new AwsError('AccessDeniedException', 'no'));
        if (operation === 'PutLogEvents') puts.push(input);
        return Promise.resolve({});
      },
    } as unknown as AwsCalls;
    const identity: Pick<Identity, 'servicePrincipal'> = { servicePrincipal };
    const clock = new EngineClock(0, () => NOW);
    return new PipeLog(pipe as StoredPipe, { calls, clock, identity: identity as Identity, log: () => undefined });
  };
  const messages = () =>
    puts.flatMap(({ logEvents = [] }) => logEvents.map(({ message }) => JSON.parse(message ?? '')));

  it.each([
    ['OFF', []],
    ['ERROR', ['TARGET_INVOCATION_FAILED']],
    ['INFO', ['EXECUTION_STARTED', 'TARGET_INVOCATION_FAILED']],
    ['TRACE', ['EXECUTION_STARTED', 'TARGET_INVOCATION_STARTED', 'TARGET_INVOCATION_FAILED']],
  ] as const)('at level %s', async (level, expected) => {
    const log = logOf(level);
    log.step('1', 'EXECUTION_STARTED', 'INFO', { payload: '[]' });
    log.step('1', 'TARGET_INVOCATION_STARTED', 'TRACE');
    log.step(
      '1',
      'TARGET_INVOCATION_FAILED',
      'ERROR',
      {},
      new ExecutionError('TARGET_INVOCATION', 'no', 'events', 403),
    );
    await log.flushed();
    expect(messages().map(({ messageType }) => messageType)).toEqual(expected);
  });

  it('is written by log delivery, with execution data only when asked for, cut when too long', async () => {
    const log = logOf('INFO');
    log.step('1', 'EXECUTION_STARTED', 'INFO', { payload: '["secret"]' });
    await log.flushed();
    expect(puts).toMatchObject([{ logGroupName: '/aws/vendedlogs/pipes/outbox', logStreamName: 'outbox' }]);
    expect(messages()).toEqual([
      { resourceArn: arn, timestamp: NOW, executionId: '1', messageType: 'EXECUTION_STARTED', logLevel: 'INFO' },
    ]);
    const delivery = { service: 'delivery.logs.amazonaws.com', sourceArn: 'arn:aws:logs:us-east-1:000000000000:*' };
    expect(callers).toEqual([expect.objectContaining(delivery), expect.objectContaining(delivery)]);

    puts = [];
    const whole = logOf('INFO', ['ALL']);
    whole.step('2', 'EXECUTION_STARTED', 'INFO', { payload: 'x'.repeat(300_000) });
    await whole.flushed();
    expect(messages()).toMatchObject([{ truncatedFields: ['payload'], payload: expect.stringMatching(/^x+$/) }]);
  });

  it('does not hold the pipe up when it can’t be written', async () => {
    denied = true;
    const log = logOf('INFO');
    log.step('1', 'EXECUTION_STARTED', 'INFO');
    await log.flushed();
    expect(puts).toEqual([]);
  });
});
