import { randomUUID } from 'node:crypto';
import {
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import { eventually } from '@outbox/testing';
import { outboxctl, placeOrder, request, trace } from '../support/orders';
import { aws, consumerOf, readStack } from '../support/stack';

const stack = readStack();
const notifications = consumerOf(stack, 'notifications');
const TIMEOUT = { timeoutMs: 60_000 };

describe('outboxctl dlq', () => {
  it('brings back what an in-order consumer lost to its dead-letter queue', async () => {
    await aws.sqs.send(new PurgeQueueCommand({ QueueUrl: notifications.dlq_url }));
    const mapping = await mappingOf(notifications.function_name);
    await turn(mapping, false);
    const { orderId } = await placeOrder(stack);
    for (const [version, status] of ['CONFIRMED', 'SHIPPED', 'DELIVERED'].entries()) {
      const headers = { 'if-match': `"${version + 1}"`, 'idempotency-key': randomUUID() };
      expect((await request(stack, 'PATCH', `/orders/${orderId}`, { status }, headers)).status).toBe(200);
    }
    await bury(orderId, 4);
    await turn(mapping, true);

    expect(outboxctl(['dlq', 'list'], [1]).stdout).toMatch(/^notifications +4 dead$/m);
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
    expect(trace(orderId, 60).complete).toBe(true);
    expect(outboxctl(['dlq', 'list'], [0, 1]).stdout).toMatch(/^notifications +none$/m);
  }, 180_000);
});

async function mappingOf(functionName: string): Promise<string> {
  const { EventSourceMappings = [] } = await aws.lambda.send(new ListEventSourceMappingsCommand({}));
  const ours = EventSourceMappings.find(({ FunctionArn }) => FunctionArn?.split(':')[6] === functionName);
  if (ours?.UUID === undefined) throw new Error(`nothing feeds ${functionName}`);
  return ours.UUID;
}

async function turn(UUID: string, Enabled: boolean): Promise<void> {
  await aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
  await eventually(async () => {
    const { State } = await aws.lambda.send(new GetEventSourceMappingCommand({ UUID }));
    expect(State).toBe(Enabled ? 'Enabled' : 'Disabled');
  }, TIMEOUT);
}

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
