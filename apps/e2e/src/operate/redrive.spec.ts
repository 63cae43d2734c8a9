import {
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import { eventually } from '@outbox/testing';
import { startConsumer, stopConsumer } from '../support/mappings';
import { changeOrder, expectComplete, outboxctl, placeConfirmedOrder, trace } from '../support/orders';
import { aws, consumerOf, readStack } from '../support/stack';

const stack = readStack();
const notifications = consumerOf(stack, 'notifications');
const TIMEOUT = { timeoutMs: 60_000 };

describe('outboxctl dlq', () => {
  it('brings back what an in-order consumer lost to its dead-letter queue', async () => {
    await aws.sqs.send(new PurgeQueueCommand({ QueueUrl: notifications.dlq_url }));
    await stopConsumer(stack, 'notifications');
    const { orderId } = await placeConfirmedOrder(stack);
    for (const [index, status] of ['SHIPPED', 'DELIVERED'].entries()) {
      expect((await changeOrder(stack, orderId, { status }, `"${index + 2}"`)).status).toBe(200);
    }
    await bury(orderId, 4);
    await startConsumer(stack, 'notifications');

    expect(outboxctl(['dlq', 'list'], [1]).stdout).toMatch(/^notifications +4 dead: 4 gap$/m);
    const shown = JSON.parse(outboxctl(['--json', 'dlq', 'show', 'notifications']).stdout) as unknown[];
    expect(shown).toHaveLength(4);
    expect(shown).toContainEqual(
      expect.objectContaining({
        reason: 'gap',
        event: expect.objectContaining({ aggregate: 'order', id: orderId, sequence: 4 }),
      }),
    );
    expect(trace(orderId, 1).complete).toBe(false);

    expect(outboxctl(['dlq', 'redrive', 'notifications', '--aggregate', `order/${orderId}`]).stdout).toContain(
      '4 sent back',
    );
    expectComplete(orderId, 60);
    expect(outboxctl(['dlq', 'list'], [0, 1]).stdout).toMatch(/^notifications +none$/m);
  }, 180_000);
});

/** Moves an order's events from the consumer's queue to its dead-letter queue, the last version first. */
async function bury(orderId: string, count: number): Promise<void> {
  const found = new Map<number, Message>();
  await eventually(async () => {
    const { Messages = [] } = await aws.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: notifications.queue_url,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        VisibilityTimeout: 60,
      }),
    );
    for (const message of Messages) {
      const { detail } = JSON.parse(message.Body ?? '') as { detail: { subject: string; sequence: string } };
      if (detail.subject === orderId) found.set(Number(detail.sequence), message);
    }
    expect(found.size).toBe(count);
  }, TIMEOUT);
  const reason = { DataType: 'String', StringValue: 'gap' };
  for (const [, { Body, ReceiptHandle }] of [...found].sort(([a], [b]) => b - a)) {
    await aws.sqs.send(
      new SendMessageCommand({
        QueueUrl: notifications.dlq_url,
        MessageBody: Body,
        MessageAttributes: { reason },
      }),
    );
    await aws.sqs.send(new DeleteMessageCommand({ QueueUrl: notifications.queue_url, ReceiptHandle }));
  }
}
