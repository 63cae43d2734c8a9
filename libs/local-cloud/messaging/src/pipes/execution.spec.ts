import { CollectedMetrics, EngineClock, systemIds, type AwsCalls, type Engine } from '@outbox/local-cloud-kernel';
import { Uint8ArrayBlobAdapter } from '@smithy/core/serde';
import { Execution } from './execution';
import type { PipeLog } from './pipe-log';
import type { PipeRole } from './pipe-role';
import type { StoredPipe } from './pipe-store';
import type { StreamRecord } from '@outbox/local-cloud-streams';

const MINUTE_MS = 60_000;
const arn = 'arn:aws:pipes:us-east-1:000000000000:pipe/outbox';

const clocks: EngineClock[] = [];
afterEach(() => clocks.splice(0).forEach((clock) => clock.stop()));

/** A batch on its way through a function that answers when told to. */
const start = () => {
  let real = 0;
  const clock = new EngineClock(0, () => real);
  clocks.push(clock);
  const pass = (ms: number): void => {
    real += ms;
    clock.advance(0);
  };
  const metrics = new CollectedMetrics();
  const called: string[] = [];
  const steps: string[] = [];
  let answer = (): void => undefined;
  const calls = {
    call: (_service: string, operation: string) => {
      called.push(operation);
      if (operation === 'PutEvents') return Promise.resolve({ Entries: [{ EventId: '1' }] });
      const Payload = Uint8ArrayBlobAdapter.fromString('[{"id":"o-1"}]');
      return new Promise((resolve) => (answer = () => resolve({ StatusCode: 200, Payload })));
    },
  } as unknown as AwsCalls;
  const pipe: Partial<StoredPipe> = {
    arn,
    name: 'outbox',
    accountId: '000000000000',
    region: 'us-east-1',
    source: 'stream',
    target: 'arn:aws:events:us-east-1:000000000000:event-bus/orders',
    enrichment: 'function',
  };
  const log: Pick<PipeLog, 'step'> = { step: (_id, messageType) => void steps.push(messageType) };
  const role: Pick<PipeRole, 'as'> = {
    as: () => ({ caller: { kind: 'root', accountId: '', arn: '', userId: '' }, region: 'us-east-1' }),
  };
  const engine: Pick<Engine, 'calls' | 'clock' | 'ids' | 'log' | 'metrics'> = {
    calls,
    clock,
    ids: systemIds,
    log: () => undefined,
    metrics,
  };
  const record: StreamRecord = { sequenceNumber: '1', createdAt: 0, key: 'o-1', event: { id: 'o-1' } };
  const execution = new Execution(pipe as StoredPipe, role as PipeRole, log as PipeLog, engine as Engine);
  return { clock, pass, metrics, called, steps, record, outcome: execution.run([record]), answer: () => answer() };
};
const recorded = (metrics: CollectedMetrics) => metrics.samples.map(({ name }) => name);

describe('the execution of a pipe', () => {
  it('is tried again when it takes five minutes; a late answer goes nowhere', async () => {
    const { pass, metrics, called, steps, record, outcome, answer } = start();
    pass(5 * MINUTE_MS);
    await expect(outcome).resolves.toMatchObject({ failed: [record] });
    answer();
    await new Promise(setImmediate);
    expect(called).toEqual(['Invoke']);
    expect(steps).toContain('EXECUTION_TIMEOUT');
    expect(recorded(metrics)).toContain('ExecutionTimeout');
    expect(recorded(metrics)).not.toContain('ExecutionFailed');
  });

  it.each<[string, (execution: ReturnType<typeof start>) => void]>([
    ['take just less', ({ pass }) => pass(5 * MINUTE_MS - 1)],
    ['see the clock jump further', ({ clock }) => clock.advance(60 * MINUTE_MS)],
  ])('may %s', async (_, wait) => {
    const execution = start();
    const { called, outcome, answer } = execution;
    wait(execution);
    answer();
    await expect(outcome).resolves.toEqual({ failed: [] });
    expect(called).toEqual(['Invoke', 'PutEvents']);
  });
});
