import { AwsError, EngineClock, SqliteStore, type Service, type ServiceName } from '@outbox/local-cloud-kernel';
import { ACCOUNT, REGION, startSpecEngine, type SpecEngine } from '../testing/spec-engine';

const START = Date.UTC(2026, 0, 1, 12);

describe('an invocation that waits for its next attempt', () => {
  let engine: SpecEngine;
  let store: SqliteStore;
  let payloads: unknown[];
  let failing: boolean;

  const start = async (now: number): Promise<void> => {
    const lambda: Service<'lambda'> = {
      name: 'lambda',
      operations: {
        Invoke: {
          requires: () => [],
          handle: ({ Payload }) => {
            if (failing) throw new AwsError('TooManyRequestsException', 'Rate exceeded', { status: 429 });
            payloads.push(JSON.parse(Buffer.from(Payload as Uint8Array).toString()));
            return { StatusCode: 202 };
          },
        },
      },
    };
    const services = [lambda as Service<ServiceName>];
    engine = await startSpecEngine({ store, services, clock: new EngineClock(0, () => now) });
  };
  const advance = async (ms: number): Promise<void> => {
    engine.clock.advance(ms);
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  };

  beforeEach(async () => {
    store = new SqliteStore(':memory:');
    payloads = [];
    failing = true;
    await start(START);
    await engine.call('scheduler', 'CreateSchedule', {
      Name: 'once',
      ScheduleExpression: 'at(2026-01-01T12:05:00)',
      ActionAfterCompletion: 'DELETE',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:f`,
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/schedule`,
        Input: '{"at":"<aws.scheduler.scheduled-time>","attempt":"<aws.scheduler.attempt-number>"}',
      },
    });
    await advance(300_000);
  });
  afterEach(() => engine.stop());

  it('gets it after a restart of the engine, and its one-time schedule goes then', async () => {
    await engine.stop();
    failing = false;
    await start(START + 301_000);
    await advance(60_000);
    expect(payloads).toEqual([{ at: '2026-01-01T12:05:00Z', attempt: '2' }]);
    await expect(engine.call('scheduler', 'GetSchedule', { Name: 'once' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  it('keeps its one-time schedule until then', async () => {
    expect(await engine.call('scheduler', 'GetSchedule', { Name: 'once' })).toMatchObject({ State: 'ENABLED' });
  });
});
