import { expectComplete, outboxctl } from '../support/orders';
import { missedBy } from '../support/rule-gap';
import { readStack } from '../support/stack';
import { target } from '../support/target';

const stack = readStack();

/** What neither the pipe nor the sweeper can see: the event was published, and a rule was missing at that moment. */
describe('an event that a consumer’s rule missed', () => {
  it('is found by reconcile, and done once after --repair', async () => {
    const { orderId, placedAt, now } = await missedBy(stack, 'notifications');
    const args = ['--json', 'reconcile', '--grace', '0', '--since', placedAt, '--now', now];
    expect(outboxctl(args, [1]).stdout).toContain(`"kind":"lost","aggregate":"order","id":"${orderId}"`);
    const repaired =
      outboxctl([...args, '--repair'])
        .stdout.trim()
        .split('\n')
        .at(-1) ?? '';
    expect(JSON.parse(repaired)).toMatchObject({
      repaired: target() === 'local' ? 2 : 1,
      findings: { lost: 0, duplicated: 0, late: 0 },
    });
    expectComplete(orderId);
  });
});
