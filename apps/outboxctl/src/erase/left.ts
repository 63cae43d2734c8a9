import { DescribeContinuousBackupsCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeArchiveCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { AggregateId } from '../aggregate-id';
import { isAbout } from '../dead-letters/dead-letter';
import { DeadLetterQueue } from '../dead-letters/dead-letter-queue';
import type { HeldPorts } from '../dead-letters/held-letters';
import { lookAt } from '../dead-letters/look';
import { deadLetterSources, isHandler } from '../dead-letters/source';
import { ifFound } from '../replay/archive';
import type { Stack } from '../stack';
import type { ErasePlan } from './plan';

/** Where content stays that can't be erased in place. */
export interface Staying {
  readonly place: string;
  readonly what: string;
  /** ISO-8601; absent: as long as its owner keeps it. */
  readonly until?: string;
}

/** Dead letters about an aggregate: `outboxctl dlq drop` removes them. */
export interface DeadLettersLeft {
  /** As `dlq drop` takes it. */
  readonly queue: string;
  readonly messages: number;
  /** When the queue itself will have dropped them at the latest, ISO-8601. */
  readonly until: string;
}

const DAY_MS = 86_400_000;
/** A stream keeps its records for a day (DynamoDB developer guide, Streams). */
const STREAM_MS = DAY_MS;
/** Recovery goes back so far unless a table says less (DynamoDB developer guide, point-in-time recovery). */
const RECOVERY_DAYS = 35;

export interface LeftClients {
  readonly dynamodb: DynamoDBClient;
  readonly eventbridge: EventBridgeClient;
  readonly sqs: SQSClient;
}

/** Where the content of an aggregate stays once its items are erased at `now`, and until when. */
export async function findStaying(
  { dynamodb, eventbridge }: LeftClients,
  stack: Stack,
  { changedAt }: ErasePlan,
  now: number,
): Promise<Staying[]> {
  const changed = changedAt === undefined ? now : Date.parse(changedAt);
  const [archive, recovery] = await Promise.all([
    // A stack may have none.
    stack.archive_name
      ? ifFound(eventbridge.send(new DescribeArchiveCommand({ ArchiveName: stack.archive_name })))
      : undefined,
    recoveryDays(dynamodb, [
      stack.outbox_table_name,
      ...Object.values(stack.consumers).map(({ table_name }) => table_name),
    ]),
  ]);
  const until = (time: number): { readonly until: string } => ({ until: new Date(time).toISOString() });
  const archived = archive?.RetentionDays ?? 0;
  const staying: Staying[] = [
    ...(archive
      ? [
          {
            place: `archive ${stack.archive_name}`,
            what: 'the events as they were published',
            // 0 keeps them for ever.
            ...(archived > 0 ? until(changed + archived * DAY_MS) : {}),
          },
        ]
      : []),
    { place: `stream of table ${stack.outbox_table_name}`, what: 'the items before', ...until(changed + STREAM_MS) },
    ...(recovery > 0
      ? [{ place: 'point-in-time recovery of the tables', what: 'the items before', ...until(now + recovery * DAY_MS) }]
      : []),
  ];
  return [
    ...staying.filter(({ until }) => until === undefined || Date.parse(until) > now),
    { place: 'the service’s own tables, and whom consumers called', what: 'what they keep of it' },
    { place: 'log groups', what: 'ids of the aggregate and its events, and texts of errors' },
  ];
}

/** The dead letters about an aggregate, by queue; they stay where they are. */
export async function findDeadLetters(
  sqs: SQSClient,
  stack: Stack,
  about: AggregateId,
  ports: HeldPorts,
): Promise<DeadLettersLeft[]> {
  const found = await Promise.all(
    deadLetterSources(stack)
      .filter(isHandler)
      .map(async ({ name: queue, dlqUrl }) => {
        let messages = 0;
        await lookAt(new DeadLetterQueue(sqs, dlqUrl), ports, (letters) => {
          messages += letters.filter((letter) => isAbout(letter, about)).length;
        });
        return messages === 0 ? [] : [{ queue, messages, until: await droppedAt(sqs, dlqUrl, ports.now()) }];
      }),
  );
  return found.flat();
}

async function droppedAt(sqs: SQSClient, QueueUrl: string, now: number): Promise<string> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['MessageRetentionPeriod'] }),
  );
  return new Date(now + Number(Attributes?.MessageRetentionPeriod ?? 0) * 1_000).toISOString();
}

/** The longest time that any of the tables can be restored back to, in days; 0: none can. */
async function recoveryDays(dynamodb: DynamoDBClient, tables: readonly string[]): Promise<number> {
  const days = await Promise.all(
    tables.map(async (TableName) => {
      const { ContinuousBackupsDescription: backups } = await dynamodb.send(
        new DescribeContinuousBackupsCommand({ TableName }),
      );
      const recovery = backups?.PointInTimeRecoveryDescription;
      return recovery?.PointInTimeRecoveryStatus === 'ENABLED' ? (recovery.RecoveryPeriodInDays ?? RECOVERY_DAYS) : 0;
    }),
  );
  return Math.max(0, ...days);
}
