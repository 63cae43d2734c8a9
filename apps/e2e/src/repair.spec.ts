import { DisableRuleCommand, EnableRuleCommand, ListRuleNamesByTargetCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { eventually } from '@outbox/testing';
import { outboxctl, placeOrder, trace } from './support/orders';
import { aws, consumerOf, readStack } from './support/stack';

const stack = readStack();

/** What neither the pipe nor the sweeper can see: the event was published, and a rule was missing at that moment. */
describe('an event that a consumer’s rule missed', () => {
  it('is found by reconcile, and done once after --repair', async () => {
    const rule = { Name: await ruleOf('notifications'), EventBusName: stack.event_bus_name };
    await aws.events.send(new DisableRuleCommand(rule));
    const { orderId, answer } = await placeOrder(stack.api_endpoint);
    // The stack's own time: a local cloud's clock may have been moved.
    const now = await eventually(
      () => {
        const event = trace(orderId, 1).events[0];
        expect(event?.publishedAt).toEqual(expect.any(String));
        expect(event?.consumers.filter((hop) => hop.state === 'pending').map((hop) => hop.consumer)).toEqual([
          'notifications',
        ]);
        return String(event?.publishedAt);
      },
      { timeoutMs: 30_000 },
    );
    await aws.events.send(new EnableRuleCommand(rule));

    const args = ['--json', 'reconcile', '--grace', '0', '--since', String(answer.body['placedAt']), '--now', now];
    expect(outboxctl(args, [1]).stdout).toContain(`"kind":"lost","orderId":"${orderId}"`);
    const repaired =
      outboxctl([...args, '--repair'])
        .stdout.trim()
        .split('\n')
        .at(-1) ?? '';
    expect(JSON.parse(repaired)).toMatchObject({ repaired: 1, findings: { lost: 0, duplicated: 0, late: 0 } });
    expect(trace(orderId)).toMatchObject({ complete: true });
  });
});

async function ruleOf(consumer: string): Promise<string> {
  const { queue_url: QueueUrl } = consumerOf(stack, consumer);
  const queue = await aws.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const { RuleNames = [] } = await aws.events.send(
    new ListRuleNamesByTargetCommand({
      TargetArn: queue.Attributes?.['QueueArn'] ?? '',
      EventBusName: stack.event_bus_name,
    }),
  );
  const [name] = RuleNames;
  if (name === undefined) throw new Error(`no rule sends to the queue of ${consumer}`);
  return name;
}
