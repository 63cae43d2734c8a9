import { eventually } from '@outbox/testing';
import { cloud } from '../support/local-cloud';
import { outboxctl, trace } from '../support/orders';
import { missedBy } from '../support/rule-gap';
import { readStack } from '../support/stack';

const stack = readStack();

/** AWS may take ten minutes to archive an event: the local cloud's alone can be replayed at once. */
describe('a replay', () => {
  it('brings a consumer what its rule missed; whoever did it already does nothing', async () => {
    const missed = await missedBy(stack, 'notifications');
    const from = new Date(Date.parse(missed.placedAt) - 1_000).toISOString();
    const replay = async (...options: string[]): Promise<unknown> => {
      const time = new Date(await cloud.now()).toISOString();
      const args = ['--json', 'replay', '--from', from, '--now', time, '--wait', '60', ...options];
      return JSON.parse(outboxctl(args).stdout);
    };
    expect(await replay('--consumer', 'notifications', '--name', `one-${missed.orderId}`)).toMatchObject({
      state: 'COMPLETED',
      consumers: ['notifications'],
    });
    const before = trace(missed.orderId);
    expect(before.complete).toBe(true);

    // Other specs may have left messages that wait for their turn.
    const parked = (await queued()).underWay;
    await replay('--name', `all-${missed.orderId}`);
    await eventually(
      async () => {
        const { waiting, underWay } = await queued();
        expect(waiting).toBe(0);
        expect(underWay).toBeLessThanOrEqual(parked);
      },
      { timeoutMs: 60_000, intervalMs: 500 },
    );
    expect(trace(missed.orderId)).toEqual(before);
    expect(outboxctl(['replay', 'list']).stdout).toContain(`all-${missed.orderId}`);
  });
});

/** What waits for consumers, as `outboxctl lag` sees it. */
async function queued(): Promise<{ readonly waiting: number; readonly underWay: number }> {
  const time = new Date(await cloud.now()).toISOString();
  const { stages } = JSON.parse(outboxctl(['--json', 'lag', '--now', time], [0, 1]).stdout) as {
    readonly stages: readonly { readonly stage: string; readonly waiting?: number; readonly underWay?: number }[];
  };
  const consumers = Object.keys(stack.consumers);
  expect(stages.map(({ stage }) => stage)).toEqual(['outbox', 'outbox-relay', 'outbox-acknowledger', ...consumers]);
  return stages
    .filter(({ stage }) => consumers.includes(stage))
    .reduce(
      (sum, { waiting = 0, underWay = 0 }) => ({ waiting: sum.waiting + waiting, underWay: sum.underWay + underWay }),
      { waiting: 0, underWay: 0 },
    );
}
