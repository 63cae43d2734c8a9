import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { recordingClient, recordingTelemetry } from './recording';
import { createSeededIds } from './seeded-ids';
import { busEnvelope, sqsRecord } from './sqs-record';

/** An aggregate's new events, as a consumer emits them. */
interface Emitted {
  readonly aggregate: { readonly aggregateType: string };
  readonly id: string;
  readonly after: number;
  readonly events: readonly { readonly type: string; readonly data: unknown }[];
}

/** What DynamoDB is sent, as far as specs look at it. */
interface Sent {
  readonly Item?: unknown;
  readonly TransactItems?: readonly { readonly Put?: { readonly Item: unknown } }[];
}

/** A consumer, as far as a spec needs to know it. */
interface Testable {
  readonly definition: { readonly name: string; readonly policy: 'once' | 'in-order' | 'latest' };
  using(
    ports: ReturnType<typeof portsOf>,
  ): (
    event: { Records: SQSRecord[] },
    context: { getRemainingTimeInMillis(): number },
  ) => Promise<{ batchItemFailures: readonly { itemIdentifier: string }[] }>;
}

/**
 * A consumer in a world of its own: nothing is sent, what it would send is kept, and the clock stands still. `answer` is
 * what DynamoDB and SQS return to it; nothing, unless given.
 */
export function consumerLab(consumer: Testable, answer?: (input: unknown) => unknown) {
  const client = recordingClient(answer);
  const changes: Emitted[] = [];
  const handle = consumer.using(portsOf({ ...consumer.definition, client, changes }));
  return {
    /** What DynamoDB and SQS were sent. */
    sent: client.inputs,
    /** Resolves to the ids of the messages that come again; `receives` counts this delivery. */
    deliver: async (event: unknown, receives = 1): Promise<string[]> => {
      const context = { getRemainingTimeInMillis: () => 30_000 };
      const { batchItemFailures } = await handle({ Records: [sqsRecord(busEnvelope(event), { receives })] }, context);
      return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
    /** The items that the last write put: the consumer's own first. */
    written: (): unknown[] => {
      const { Item, TransactItems = [] } = client.inputs.at(-1) as Sent;
      return Item === undefined ? TransactItems.flatMap(({ Put }) => (Put ? [Put.Item] : [])) : [Item];
    },
    /** What was emitted: aggregate type, id, sequence before, events. */
    emitted: () => changes.map(({ aggregate, id, after, events }) => [aggregate.aggregateType, id, after, events]),
  };
}

function portsOf({
  name,
  policy,
  client,
  changes,
}: Testable['definition'] & {
  readonly client: ReturnType<typeof recordingClient>;
  readonly changes: Emitted[];
}) {
  return {
    variables: {
      CONSUMER_NAME: name,
      CONSUMER_POLICY: policy,
      CONSUMER_TABLE_NAME: `${name}-table`,
      QUEUE_URL: 'queue',
      DLQ_URL: 'dlq',
      INBOX_RETENTION_DAYS: '45',
      LAG_OBJECTIVE_SECONDS: '60',
      ...(policy === 'in-order' ? { IN_ORDER_START: 'beginning', PARK_BUDGET_SECONDS: '3600' } : {}),
    },
    dynamodb: client as unknown as DynamoDBClient,
    sqs: client as unknown as SQSClient,
    outbox: {
      loadHead: () => Promise.resolve(undefined),
      transactItems: (input: { readonly changes: readonly Emitted[] }) => {
        changes.push(...input.changes);
        return { kind: 'part' as const, items: [], outcomeOf: () => undefined };
      },
    },
    clock: { now: () => Date.UTC(2026, 0, 1, 12) },
    ids: createSeededIds(),
    retry: { random: () => 0, sleep: () => Promise.resolve() },
    ...recordingTelemetry(),
  };
}
