import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  PutItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  PutEventsCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { waitFor } from '../chaos/wait';
import { createPipe, deletePipe, pipeReaches } from './probe-pipe';
import type { Workbench } from './workbench';

/** An event as EventBridge sends it to a queue. */
export interface BusEvent {
  readonly 'detail-type': string;
  readonly detail: unknown;
}

export const SOURCE = 'outbox.probe';
const EVENT_MS = 180_000;
/** SQS's longest wait for a message, seconds. */
const POLL_SECONDS = 5;

/** The outbox in small: table, stream, pipe with an enrichment, a bus that admits the pipe alone, a rule, a queue. */
export class OutboxLab {
  readonly #received: BusEvent[] = [];

  private constructor(
    readonly bench: Workbench,
    private readonly names: { readonly table: string; readonly bus: string; readonly pipe: string },
    private readonly queueUrl: string,
  ) {}

  static async build(bench: Workbench): Promise<OutboxLab> {
    const name = bench.prefix;
    const queueUrl = await createQueueBehindBus(bench, name);
    const stream = await createTable(bench, name);
    const relay = await bench.function('relay', await bench.role('relay', 'lambda.amazonaws.com', []));
    const pipeRole = await bench.role('pipe', 'pipes.amazonaws.com', [
      {
        Action: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
        Resource: [stream],
      },
      { Action: ['lambda:InvokeFunction'], Resource: [relay] },
      { Action: ['events:PutEvents'], Resource: [bench.arn('events', `event-bus/${name}`)] },
    ]);
    await admitOnly(bench, name, pipeRole);
    const lab = new OutboxLab(bench, { table: name, bus: name, pipe: name }, queueUrl);
    await lab.#createPipe(stream, relay, pipeRole);
    return lab;
  }

  get pipe(): string {
    return this.names.pipe;
  }

  /** A new outbox item, or with the same `sk` a change of it. */
  async put(pk: string, sk: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
    const attributes = { pk, sk, type: 'ProbeHappened', ...more };
    const Item = Object.fromEntries(Object.entries(attributes).map(([key, S]) => [key, { S }]));
    await this.bench.dynamodb.send(new PutItemCommand({ TableName: this.names.table, Item }));
  }

  /** All events of `pk` so far, once there are `count` of them. */
  async eventsOf(pk: string, count: number): Promise<readonly BusEvent[]> {
    const found = (): BusEvent[] => this.#received.filter(({ detail }) => JSON.stringify(detail).includes(pk));
    const enough = async (): Promise<boolean> => {
      if (found().length < count) await this.#receive();
      return found().length >= count;
    };
    await waitFor(`${count} events of ${pk}`, enough, EVENT_MS);
    return found();
  }

  /** Puts an event on the bus as the caller; answers why it was refused, or undefined. */
  async putEventAsCaller(): Promise<string | undefined> {
    const entry = { EventBusName: this.names.bus, Source: SOURCE, DetailType: 'Forged', Detail: '{}' };
    try {
      const { Entries } = await this.bench.events.send(new PutEventsCommand({ Entries: [entry] }));
      return Entries?.[0]?.ErrorCode;
    } catch (error) {
      return error instanceof Error ? error.name : String(error);
    }
  }

  /** @throws Error with the pipe's own reason when it fails */
  async untilPipe(wanted: 'RUNNING' | 'STOPPED'): Promise<void> {
    const failure = await pipeReaches(this.bench.pipes, this.pipe, wanted);
    if (failure !== undefined) throw new Error(failure);
  }

  async #createPipe(stream: string, relay: string, role: string): Promise<void> {
    const { bench } = this;
    bench.onClose(() => deletePipe(bench.pipes, this.pipe));
    await createPipe(bench.pipes, {
      Name: this.pipe,
      RoleArn: role,
      Source: stream,
      SourceParameters: {
        FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ eventName: ['INSERT'] }) }] },
        DynamoDBStreamParameters: { StartingPosition: 'TRIM_HORIZON', BatchSize: 10 },
      },
      Enrichment: relay,
      Target: bench.arn('events', `event-bus/${this.names.bus}`),
      TargetParameters: {
        InputTemplate: '<$.detail>',
        EventBridgeEventBusParameters: { Source: SOURCE, DetailType: '$.dynamodb.NewImage.type.S' },
      },
    });
  }

  async #receive(): Promise<void> {
    const { Messages } = await this.bench.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: this.queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: POLL_SECONDS }),
    );
    this.#received.push(...(Messages ?? []).map(({ Body }) => JSON.parse(Body ?? '{}') as BusEvent));
  }
}

async function createTable(bench: Workbench, TableName: string): Promise<string> {
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
  return Table?.LatestStreamArn ?? '';
}

async function createQueueBehindBus(bench: Workbench, name: string): Promise<string> {
  const rule = bench.arn('events', `rule/${name}/${name}`);
  const queue = bench.arn('sqs', name);
  const { QueueUrl = '' } = await bench.sqs.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: {
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
      },
    }),
  );
  bench.onClose(() => bench.sqs.send(new DeleteQueueCommand({ QueueUrl })));
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
        },
      },
    ],
  });
  await bench.events.send(new PutPermissionCommand({ EventBusName: bus, Policy }));
}
