import { GetItemCommand, PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshalPlain } from '@outbox/function-kit';
import { createSeededIds, recordingTelemetry } from '@outbox/testing';
import type { ConsumedEvent } from './event';
import { createInbox } from './inbox';
import type { Intake } from './intake';
import { intakeOf, NOW, thingEvent } from './testing/lab';

const intake = intakeOf(thingEvent('o', 1));
const { times } = intake;
const LATE_ON_THE_BUS = { ...times, busAt: '2026-01-01T12:30:00Z' };
const AFTER = '2026-01-01T11:59:59.000Z';

describe('a once consumer that joined', () => {
  it.each<[string, Partial<Intake<ConsumedEvent>>, string]>([
    ['a replay brings, committed before', { isReplayed: true }, 'skip'],
    ['a repair brings, committed before', { times: LATE_ON_THE_BUS }, 'skip'],
    ['a replay brings, committed since', { isReplayed: true, times: { ...times, committedAt: AFTER } }, 'apply'],
    ['comes in time', {}, 'apply'],
  ])('decides on what %s', async (_what, how, expected) => {
    const { settle } = setUp({ from: 'now', at: AFTER, by: 'me' });
    expect((await settle(how)).kind).toBe(expected);
  });

  it('takes all there is when it began at the beginning, or was never told', async () => {
    for (const start of [{ from: 'beginning', at: AFTER, by: 'me' }, undefined]) {
      expect(await setUp(start).settle({ isReplayed: true })).toEqual({ kind: 'apply' });
    }
  });

  it('costs no further read for what comes in time', async () => {
    const { settle, sent } = setUp({ from: 'now', at: AFTER, by: 'me' });
    await settle({});
    expect(sent.map((command) => command instanceof PutItemCommand)).toEqual([true]);
  });
});

/** An inbox over a table that holds where the consumer begins, and nothing else. */
function setUp(start: Readonly<Record<string, string>> | undefined) {
  const sent: unknown[] = [];
  const send = (command: unknown) => {
    sent.push(command);
    const isStart = command instanceof GetItemCommand && command.input.Key?.['pk']?.S === '#start';
    return Promise.resolve(isStart && start ? { Item: marshalPlain(start) } : {});
  };
  const inbox = createInbox<ConsumedEvent>({
    dynamodb: { send } as unknown as DynamoDBClient,
    tableName: 'inbox',
    policy: { kind: 'once' },
    name: 'spec',
    work: { kind: 'plain', isPure: true, finish: () => () => ({ record: { made: 'it' } }) },
    ids: createSeededIds(),
    logger: recordingTelemetry().logger,
    retentionDays: 45,
    maxAttempts: 20,
    clock: { now: () => NOW },
    retry: { random: () => 0.5, sleep: () => Promise.resolve() },
  });
  const settle = (how: Partial<Intake<ConsumedEvent>>) => inbox.settle({ ...intake, ...how }, () => 30_000);
  return { settle, sent };
}
