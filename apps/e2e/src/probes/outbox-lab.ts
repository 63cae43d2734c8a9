import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  PutItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  DeleteArchiveCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  PutEventsCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { happens, waitFor } from '../chaos/wait';
import { DeleteFunctionConcurrencyCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { StartPipeCommand, StopPipeCommand } from '@aws-sdk/client-pipes';
import { createPipe, deletePipe, pipeReaches } from './probe-pipe';
import type { Workbench } from './workbench';

/** An event as EventBridge sends it to a queue. */
export interface BusEvent {
  readonly 'detail-type': string;
  readonly 'replay-name'?: string;
  readonly detail: unknown;
}

export const SOURCE = 'outbox.probe';
const EVENT_MS = 180_000;
/** SQS's longest wait for a message, seconds. */
const POLL_SECONDS = 5;

/** Until another replay is asked for, and until no further one is: an archive may be ten minutes late. */
const REPLAY_MS = 60_000;
const ARCHIVE_MS = 900_000;
/** Retries of the pipe: few, so that they are soon used up. */
const RETRIES = 2;

interface Parts {
  readonly stream: string;
  readonly relay: string;
  readonly pipeRole: string;
  readonly queueUrl: string;
  readonly dlqUrl: string;
}

/** The outbox in small: table, stream, pipe with an enrichment, a bus that admits the pipe alone, a rule, a queue. */
export class OutboxLab {
  readonly #received: BusEvent[] = [];

  private constructor(
    readonly bench: Workbench,
    private readonly name: string,
    private readonly parts: Parts,
  ) {}

  static async build(bench: Workbench): Promise<OutboxLab> {
    const name = bench.prefix;
    const queueUrl = await createQueueBehindBus(bench, name);
    const dlqUrl = await createQueue(bench, `${name}-dlq`, {});
    const { stream } = await createTable(bench, name);
    const relay = await bench.function('relay', await bench.role('relay', 'lambda.amazonaws.com', []));
    const pipeRole = await bench.role('pipe', 'pipes.amazonaws.com', [
      {
        Action: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
        Resource: [bench.arn('dynamodb', `table/${name}*/stream/*`)],
      },
      { Action: ['lambda:InvokeFunction'], Resource: [relay] },
      { Action: ['events:PutEvents'], Resource: [bench.arn('events', `event-bus/${name}`)] },
      { Action: ['sqs:SendMessage'], Resource: [bench.arn('sqs', `${name}-dlq`)] },
    ]);
    await admitOnly(bench, name, pipeRole);
    await createArchive(bench, name);
    const lab = new OutboxLab(bench, name, { stream, relay, pipeRole, queueUrl, dlqUrl });
    await lab.#createPipe(name, stream);
    return lab;
  }

  /** A new outbox item, or with the same `sk` a change of it. */
  async put(pk: string, sk: string, more: Readonly<Record<string, string>> = {}, table = this.name): Promise<void> {
    const attributes = { pk, sk, type: 'ProbeHappened', ...more };
    const Item = Object.fromEntries(Object.entries(attributes).map(([key, S]) => [key, { S }]));
    await this.bench.dynamodb.send(new PutItemCommand({ TableName: table, Item }));
  }

  /** All events of `pk` so far, once there are `count` of them. */
  async eventsOf(pk: string, count: number): Promise<readonly BusEvent[]> {
    const enough = async (): Promise<boolean> => {
      if (this.#eventsOf(pk).length < count) await this.#receive();
      return this.#eventsOf(pk).length >= count;
    };
    await waitFor(`${count} events of ${pk}`, enough, EVENT_MS);
    return this.#eventsOf(pk);
  }

  /** Waits until the pipe has given up more than it had, and returns how many events of `pk` came. */
  async eventsOnceGivenUp(pk: string, before: number): Promise<number> {
    await waitFor('the pipe gives up', async () => (await this.givenUp()) > before, EVENT_MS);
    await this.#receive();
    return this.#eventsOf(pk).length;
  }

  /** Writes while the pipe is stopped: once it runs again it reads what was written in as few batches as it can. */
  async whileStopped(write: () => Promise<void>): Promise<void> {
    await this.bench.pipes.send(new StopPipeCommand({ Name: this.name }));
    await this.untilPipe('STOPPED');
    await write();
    await this.bench.pipes.send(new StartPipeCommand({ Name: this.name }));
    await this.untilPipe('RUNNING');
  }

  /** What the pipe has given up so far, as messages of its dead-letter queue. */
  async givenUp(): Promise<number> {
    const AttributeNames = ['ApproximateNumberOfMessages'] as const;
    const { Attributes } = await this.bench.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.parts.dlqUrl, AttributeNames: [...AttributeNames] }),
    );
    return Number(Attributes?.ApproximateNumberOfMessages);
  }

  /** Writes an item while every invocation of the relay is throttled, and returns what becomes of its event. */
  async putThrottled(pk: string, milliseconds: number): Promise<'came' | 'given up' | 'lost'> {
    const FunctionName = this.parts.relay;
    const before = await this.givenUp();
    const isGivenUp = async (): Promise<boolean> => (await this.givenUp()) > before;
    await this.bench.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    try {
      await this.put(pk, '1');
      if (await happens(isGivenUp, milliseconds)) return 'given up';
    } finally {
      await this.bench.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    }
    const came = async (): Promise<boolean> => {
      await this.#receive();
      return this.#eventsOf(pk).length > 0;
    };
    if (await happens(async () => (await came()) || (await isGivenUp()), EVENT_MS)) {
      return (await isGivenUp()) ? 'given up' : 'came';
    }
    return 'lost';
  }

  /** Makes a table with a stream, and a pipe on it at once; returns the table's name, or why the pipe failed. */
  async freshPipe(): Promise<{ readonly table: string; readonly failure?: string }> {
    const table = `${this.name}-fresh`;
    const { stream } = await createTable(this.bench, table);
    try {
      await this.#createPipe(table, stream, 0);
      return { table };
    } catch (error) {
      return { table, failure: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Whether an event of `pk` comes from the archive; asks for it again and again, since archives are late. */
  async isReplayed(pk: string): Promise<boolean> {
    const came = async (): Promise<boolean> => {
      await this.#receive();
      return this.#eventsOf(pk).some((event) => event['replay-name'] !== undefined);
    };
    return happens(async () => {
      await this.#replay();
      return happens(came, REPLAY_MS);
    }, ARCHIVE_MS);
  }

  async #replay(): Promise<void> {
    const now = Date.now();
    await this.bench.events.send(
      new StartReplayCommand({
        ReplayName: `${this.name}-${now.toString(36)}`,
        EventSourceArn: this.bench.arn('events', `archive/${this.name}`),
        Destination: { Arn: this.bench.arn('events', `event-bus/${this.name}`) },
        EventStartTime: new Date(now - 3_600_000),
        EventEndTime: new Date(now),
      }),
    );
  }

  #eventsOf(pk: string): BusEvent[] {
    return this.#received.filter(({ detail }) => JSON.stringify(detail).includes(pk));
  }

  /** Puts an event on the bus as the caller; answers why it was refused, or undefined. */
  async putEventAsCaller(): Promise<string | undefined> {
    const entry = { EventBusName: this.name, Source: SOURCE, DetailType: 'Forged', Detail: '{}' };
    try {
      const { Entries } = await this.bench.events.send(new PutEventsCommand({ Entries: [entry] }));
      return Entries?.[0]?.ErrorCode;
    } catch (error) {
      return error instanceof Error ? error.name : String(error);
    }
  }

  /** @throws Error with the pipe's own reason when it fails */
  async untilPipe(wanted: 'RUNNING' | 'STOPPED'): Promise<void> {
    const failure = await pipeReaches(this.bench.pipes, this.name, wanted);
    if (failure !== undefined) throw new Error(failure);
  }

  async #createPipe(name: string, stream: string, roleMs?: number): Promise<void> {
    const { bench } = this;
    bench.onClose(() => deletePipe(bench.pipes, name));
    const input = {
      Name: name,
      RoleArn: this.parts.pipeRole,
      Source: stream,
      SourceParameters: {
        FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ eventName: ['INSERT'] }) }] },
        DynamoDBStreamParameters: {
          StartingPosition: 'TRIM_HORIZON' as const,
          BatchSize: 10,
          MaximumRetryAttempts: RETRIES,
          OnPartialBatchItemFailure: 'AUTOMATIC_BISECT' as const,
          DeadLetterConfig: { Arn: bench.arn('sqs', `${this.name}-dlq`) },
        },
      },
      Enrichment: this.parts.relay,
      Target: bench.arn('events', `event-bus/${this.name}`),
      TargetParameters: {
        InputTemplate: '<$.detail>',
        EventBridgeEventBusParameters: { Source: SOURCE, DetailType: '$.dynamodb.NewImage.type.S' },
      },
    };
    await createPipe(bench.pipes, input, roleMs);
  }

  async #receive(): Promise<void> {
    const { Messages } = await this.bench.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.parts.queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: POLL_SECONDS,
      }),
    );
    this.#received.push(...(Messages ?? []).map(({ Body }) => JSON.parse(Body ?? '{}') as BusEvent));
  }
}

async function createTable(bench: Workbench, TableName: string): Promise<{ readonly stream: string }> {
  await bench.dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  bench.onClose(() => bench.dynamodb.send(new DeleteTableCommand({ TableName })));
  await waitUntilTableExists({ client: bench.dynamodb, maxWaitTime: 120 }, { TableName });
  const { Table } = await bench.dynamodb.send(new DescribeTableCommand({ TableName }));
  return { stream: Table?.LatestStreamArn ?? '' };
}

async function createQueueBehindBus(bench: Workbench, name: string): Promise<string> {
  const rule = bench.arn('events', `rule/${name}/${name}`);
  const queue = bench.arn('sqs', name);
  const QueueUrl = await createQueue(bench, name, {
    VisibilityTimeout: '3600',
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: queue,
          Condition: { ArnEquals: { 'aws:SourceArn': rule } },
        },
      ],
    }),
  });
  await bench.events.send(new CreateEventBusCommand({ Name: name }));
  bench.onClose(() => bench.events.send(new DeleteEventBusCommand({ Name: name })));
  const onBus = { EventBusName: name };
  await bench.events.send(
    new PutRuleCommand({ ...onBus, Name: name, EventPattern: JSON.stringify({ source: [SOURCE] }) }),
  );
  bench.onClose(() => bench.events.send(new DeleteRuleCommand({ ...onBus, Name: name })));
  await bench.events.send(new PutTargetsCommand({ ...onBus, Rule: name, Targets: [{ Id: 'queue', Arn: queue }] }));
  bench.onClose(() => bench.events.send(new RemoveTargetsCommand({ ...onBus, Rule: name, Ids: ['queue'] })));
  return QueueUrl;
}

async function createQueue(
  bench: Workbench,
  QueueName: string,
  Attributes: Readonly<Record<string, string>>,
): Promise<string> {
  const { QueueUrl = '' } = await bench.sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  bench.onClose(() => bench.sqs.send(new DeleteQueueCommand({ QueueUrl })));
  return QueueUrl;
}

async function createArchive(bench: Workbench, ArchiveName: string): Promise<void> {
  const EventSourceArn = bench.arn('events', `event-bus/${ArchiveName}`);
  await bench.events.send(new CreateArchiveCommand({ ArchiveName, EventSourceArn, RetentionDays: 1 }));
  bench.onClose(() => bench.events.send(new DeleteArchiveCommand({ ArchiveName })));
}

/** The same policy as terraform/modules/outbox writes. */
async function admitOnly(bench: Workbench, bus: string, role: string): Promise<void> {
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OnlyPublishersPutThisSource',
        Effect: 'Deny',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: bench.arn('events', `event-bus/${bus}`),
        Condition: {
          'ForAnyValue:StringEquals': { 'events:source': [SOURCE] },
          ArnNotEquals: { 'aws:PrincipalArn': [role] },
          Null: { 'aws:PrincipalArn': 'false' },
        },
      },
    ],
  });
  await bench.events.send(new PutPermissionCommand({ EventBusName: bus, Policy }));
}
