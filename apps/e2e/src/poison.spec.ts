import { randomUUID } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribePipeCommand } from '@aws-sdk/client-pipes';
import {
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import { eventually } from '@outbox/testing';
import { expectComplete, placeOrder } from './support/orders';
import { aws, consumerOf, readStack } from './support/stack';

const stack = readStack();

describe('poison', () => {
  it('on a consumer’s queue ends in its DLQ with the reason, its neighbours unharmed', async () => {
    const { queue_url: queue, dlq_url: dlq } = consumerOf(stack, 'notifications');
    const marker = randomUUID();
    await aws.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queue,
        Entries: [
          { Id: 'not-json', MessageBody: `not json ${marker}` },
          { Id: 'no-envelope', MessageBody: JSON.stringify({ marker }) },
        ],
      }),
    );
    const { orderId } = await placeOrder(stack);

    const dead = await receiveAll(dlq, 2, (message) => message.Body?.includes(marker) === true);
    for (const message of dead) {
      expect(Object.keys(message.MessageAttributes ?? {}).sort()).toEqual([
        'consumer',
        'detail',
        'firstReceivedAt',
        'reason',
        'receiveCount',
      ]);
      expect(message.MessageAttributes?.['consumer']?.StringValue).toBe('notifications');
      expect(message.MessageAttributes?.['reason']?.StringValue).toBe('malformed');
    }
    expectComplete(orderId);
  });

  it('in the outbox makes the batch throw, is bisected, and alone ends in the pipe’s DLQ', async () => {
    const dlq = await deadLetterQueueOfPipe();
    // Whatever set records aside before is not what this looks at.
    await aws.sqs.send(new PurgeQueueCommand({ QueueUrl: dlq }));
    const poisonId = `poison-${randomUUID()}`;
    const [before, , after] = await Promise.all([
      placeOrder(stack),
      aws.dynamodb.send(
        new PutItemCommand({
          TableName: stack.outbox_table_name,
          Item: {
            pk: { S: `order#${poisonId}` },
            sk: { S: 'EVENT#0000000001' },
            entity: { S: 'OutboxEvent' },
            id: { S: poisonId },
            type: { S: 'OrderCreated' },
            committedAt: { S: new Date().toISOString() },
            attempts: { N: '0' },
            detail: { S: 'this is no CloudEvent' },
          },
        }),
      ),
      placeOrder(stack),
    ]);

    expectComplete(before.orderId);
    expectComplete(after.orderId);
    const [record] = await receiveAll(dlq, 1, (message) => message.Body?.includes('shardId') === true);
    expect(JSON.parse(record?.Body ?? '')).toMatchObject({ DDBStreamBatchInfo: { batchSize: 1 } });
    expect(await receiveAll(dlq, 0, () => true)).toHaveLength(0);
  });
});

async function deadLetterQueueOfPipe(): Promise<string> {
  const pipe = await aws.pipes.send(new DescribePipeCommand({ Name: stack.pipe_name }));
  const dlqArn = pipe.SourceParameters?.DynamoDBStreamParameters?.DeadLetterConfig?.Arn ?? '';
  const { QueueUrl = '' } = await aws.sqs.send(new GetQueueUrlCommand({ QueueName: dlqArn.split(':').at(-1) ?? '' }));
  return QueueUrl;
}

/** Receives until `count` messages match; the rest is left to reappear. */
async function receiveAll(queue: string, count: number, matches: (message: Message) => boolean): Promise<Message[]> {
  const found: Message[] = [];
  return eventually(
    async () => {
      const { Messages = [] } = await aws.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queue,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 1,
          MessageAttributeNames: ['All'],
        }),
      );
      found.push(...Messages.filter(matches));
      expect(found).toHaveLength(count);
      return found;
    },
    { timeoutMs: 60_000 },
  );
}
