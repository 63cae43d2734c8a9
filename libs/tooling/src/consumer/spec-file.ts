import type { ConsumerPolicy } from './consumers-map';

/** The spec of a new consumer: its effect reaches the table as its policy says. */
export function specOf(name: string, policy: ConsumerPolicy): string {
  return `import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { busEnvelope, createSeededIds, orderEvent, recordingClient, recordingTelemetry, sqsRecord } from '@outbox/testing';
import { handler } from './handler';

describe('${name}', () => {
${behaviours[policy]}
});

function setUp() {
  const client = recordingClient();
  const handle = handler.using({
    variables: {
      CONSUMER_NAME: '${name}',
      CONSUMER_POLICY: '${policy}',
      CONSUMER_TABLE_NAME: 'table',
      QUEUE_URL: 'queue',
      DLQ_URL: 'dlq',
      INBOX_RETENTION_DAYS: '45',
      LAG_OBJECTIVE_SECONDS: '60',${policy === 'in-order' ? inOrderVariables : ''}
    },
    dynamodb: client as unknown as DynamoDBClient,
    sqs: client as unknown as SQSClient,
    clock: { now: () => Date.UTC(2026, 0, 1, 12) },
    ids: createSeededIds(),
    retry: { random: () => 0, sleep: () => Promise.resolve() },
    ...recordingTelemetry(),
  });
  const deliver = (event: unknown) =>
    handle({ Records: [sqsRecord(busEnvelope(event))] }, { getRemainingTimeInMillis: () => 30_000 });
  return { deliver, sent: client.inputs };
}
`;
}

const inOrderVariables = `
      IN_ORDER_START: 'beginning',
      PARK_BUDGET_SECONDS: '3600',`;

const behaviours: Readonly<Record<ConsumerPolicy, string>> = {
  once: `  it('writes one item for a created order', async () => {
    const { deliver, sent } = setUp();
    expect(await deliver(orderEvent(1))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual([
      expect.objectContaining({
        TableName: 'table',
        ConditionExpression: 'attribute_not_exists(pk)',
        Item: expect.objectContaining({
          pk: { S: 'orders#order#o-1' },
          sk: { S: 'EFFECT#0000000001' },
          effect: { M: expect.objectContaining({ customerId: { S: 'c-1' } }) },
          eventId: { S: 'event-1' },
        }),
      }),
    ]);
  });

  it('has nothing to do for another event, were the rule to let it through', async () => {
    const { deliver, sent } = setUp();
    expect(await deliver(orderEvent(2))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual([]);
  });
`,
  'in-order': `  it('writes an item for version 1 and moves the head, together', async () => {
    const { deliver, sent } = setUp();
    expect(await deliver(orderEvent(1))).toEqual({ batchItemFailures: [] });
    const put = (item: object) => ({ Put: expect.objectContaining({ Item: expect.objectContaining(item) }) });
    expect(sent.at(-1)).toEqual({
      TransactItems: [
        put({ sk: { S: 'INBOX' }, lastVersion: { N: '1' } }),
        put({ pk: { S: 'orders#order#o-1' }, sk: { S: 'EFFECT#0000000001' } }),
      ],
    });
  });

  it('parks a change whose predecessor is missing', async () => {
    const { deliver, sent } = setUp();
    expect(await deliver(orderEvent(2))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] });
    expect(sent.at(-1)).toEqual({ QueueUrl: 'queue', ReceiptHandle: 'handle-m', VisibilityTimeout: 1 });
  });
`,
  latest: `  it('replaces what it has of an order by what is newer only', async () => {
    const { deliver, sent } = setUp();
    expect(await deliver(orderEvent(3))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual([
      expect.objectContaining({
        TableName: 'table',
        ConditionExpression: 'attribute_not_exists(pk) OR lastVersion < :version',
        Item: expect.objectContaining({
          pk: { S: 'orders#order#o-1' },
          sk: { S: 'INBOX' },
          effect: { M: expect.objectContaining({ customerId: { S: 'c-1' } }) },
          lastVersion: { N: '3' },
        }),
      }),
    ]);
  });
`,
};
