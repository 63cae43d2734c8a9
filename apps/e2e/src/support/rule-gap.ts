import { DisableRuleCommand, EnableRuleCommand, ListRuleNamesByTargetCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { eventually } from '@outbox/testing';
import { placeOrder, trace } from './orders';
import { aws, consumerOf, type Stack } from './stack';
import { target } from './target';

/** An order that one consumer never heard of; times ISO-8601, of the stack's own clock. */
export interface Missed {
  readonly orderId: string;
  readonly placedAt: string;
  /** When its last event was seen on the bus; the consumer's rule is back since then. */
  readonly now: string;
}

/** Places an order while a consumer's rule is off: everybody else acts on it, and the outbox is content. */
export async function missedBy(stack: Stack, consumer: string): Promise<Missed> {
  const rule = { Name: await ruleOf(stack, consumer), EventBusName: stack.event_bus_name };
  await aws.events.send(new DisableRuleCommand(rule));
  const { orderId, answer } = await placeOrder(stack);
  // The stack's own time: a local cloud's clock may have been moved.
  const now = await eventually(
    () => {
      const { events } = trace(orderId, 1);
      // Where there is a carrier, the order is confirmed; by then no further event of it is on its way.
      expect(events).toHaveLength(target() === 'local' ? 2 : 1);
      for (const { publishedAt, consumers } of events) {
        expect(publishedAt).toEqual(expect.any(String));
        expect(consumers.filter((hop) => hop.state === 'pending').map((hop) => hop.consumer)).toEqual([consumer]);
      }
      return String(events.at(-1)?.publishedAt);
    },
    { timeoutMs: 30_000 },
  );
  await aws.events.send(new EnableRuleCommand(rule));
  return { orderId, placedAt: String(answer.body['placedAt']), now };
}

async function ruleOf(stack: Stack, consumer: string): Promise<string> {
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
