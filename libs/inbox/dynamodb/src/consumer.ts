import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import {
  awsClientConfig,
  createIds,
  createLogger,
  createMetrics,
  createTracer,
  RESERVE_MS,
  systemClock,
  systemRetry,
  type Clock,
  type Ids,
  type Logger,
  type Metrics,
  type RetryPolicy,
  type SqsBatchHandler,
  type Tracer,
} from '@outbox/function-kit';
import { createOutbox, readOutboxConfig, readPublication } from '@outbox/outbox-dynamodb';
import type { EventOf, ReadableEventType } from '@outbox/outbox-envelope';
import type { Policy } from '@outbox/inbox-rules';
import { createBatchHandler } from './batch-handler';
import type { EmitPort } from './commit';
import { readConsumerConfig, type ConsumerConfig } from './config';
import {
  ConsumerDefinitionError,
  eventTypesOf,
  workOf,
  type CallDefinition,
  type CompleteDefinition,
  type ConsumerDefinition,
  type EffectDefinition,
} from './consumer-definition';
import { recogniserOf } from './event';
import { createInbox, type PublicationOf } from './inbox';
import { longestCallMs } from './outside-call';
import { createConsumerQueue } from './queue';
import type { Work } from './work';

/** The outside world of a consumer. */
export interface ConsumerPorts {
  /** The function's environment. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  /** Absent in a consumer that emits nothing. */
  readonly outbox?: EmitPort;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly retry: Pick<RetryPolicy, 'random' | 'sleep'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer?: Tracer;
}

/** A consumer: Lambda's handler of its queue, which reads its environment at its first invocation. */
export interface Consumer extends SqsBatchHandler {
  /** What it is, as far as its stack must say the same. */
  readonly definition: { readonly name: string; readonly policy: Policy['kind'] };
  /**
   * The same consumer in another world, for specs.
   * @throws EnvironmentError naming the variable
   */
  using(ports: ConsumerPorts): SqsBatchHandler;
}

/**
 * A consumer of events, by its policy and what it does for an event: `effect`, `complete`, or `call` with `complete`.
 * @throws ConsumerDefinitionError
 */
export function consumer<E extends ReadableEventType>(
  definition: EffectDefinition<E> | CompleteDefinition<E>,
): Consumer;
export function consumer<E extends ReadableEventType, R>(definition: CallDefinition<E, R>): Consumer;
export function consumer<E extends ReadableEventType, R>(definition: ConsumerDefinition<E, R>): Consumer {
  const work = workOf(definition);
  let handler: SqsBatchHandler | undefined;
  return Object.assign(
    (async (event, context) => {
      handler ??= wire(definition, work, systemPorts(process.env));
      return handler(event, context);
    }) satisfies SqsBatchHandler,
    {
      definition: { name: definition.name, policy: definition.policy },
      using: (ports: ConsumerPorts) => wire(definition, work, ports),
    },
  );
}

function wire<E extends ReadableEventType, R>(
  { name, policy, on, indexed, keepDays, tracer }: ConsumerDefinition<E, R>,
  work: Work<EventOf<E>>,
  given: ConsumerPorts,
): SqsBatchHandler {
  const ports = { ...given, tracer: tracer ?? given.tracer };
  const config = readConsumerConfig(ports.variables, { name, policy });
  if (keepDays !== undefined && keepDays < config.retentionDays) {
    const problem = `keepDays (${keepDays}) is less than INBOX_RETENTION_DAYS (${config.retentionDays})`;
    throw new ConsumerDefinitionError(`consumer ${name}: ${problem}: an event that comes again would be done again`);
  }
  const handle = createBatchHandler({
    recognise: recogniserOf(eventTypesOf(on)),
    inbox: createInbox({ ...ports, ...config, publicationOf: publicationOf(ports, config), work, indexed, keepDays }),
    queue: createConsumerQueue({ ...config, sqs: ports.sqs, consumer: name }),
    objectiveMs: config.objectiveSeconds * 1_000,
    random: ports.retry.random,
    clock: ports.clock,
    logger: ports.logger,
    metrics: ports.metrics,
    tracer: ports.tracer,
  });
  if (work.kind !== 'call') return handle;
  const neededMs = longestCallMs(work, true) + RESERVE_MS;
  return async (event, context) => {
    // At its start, an invocation has the function's whole timeout.
    const invocationMs = context.getRemainingTimeInMillis();
    if (invocationMs < neededMs) {
      const problem = `a call, its lookup and its record may take ${neededMs} ms, an invocation has ${invocationMs} ms`;
      throw new ConsumerDefinitionError(
        `consumer ${name}: ${problem}: lower callTimeout or raise the function's timeout`,
      );
    }
    return handle(event, context);
  };
}

function publicationOf(
  { dynamodb }: ConsumerPorts,
  { sourceOutboxTableName: tableName }: ConsumerConfig,
): PublicationOf | undefined {
  if (tableName === undefined) return undefined;
  return async ({ aggregateType, id }, version) => {
    const publication = await readPublication({ dynamodb, tableName }, { aggregate: { aggregateType }, id }, version);
    return publication.kind === 'published' ? { kind: 'published', at: Date.parse(publication.at) } : publication;
  };
}

function systemPorts(variables: ConsumerPorts['variables']): ConsumerPorts {
  const dynamodb = new DynamoDBClient(awsClientConfig);
  const logger = createLogger();
  const emits = variables['OUTBOX_TABLE_NAME'] !== undefined;
  return {
    variables,
    dynamodb,
    ...(emits ? { outbox: createOutbox({ dynamodb, ...readOutboxConfig(variables) }) } : {}),
    sqs: new SQSClient(awsClientConfig),
    clock: systemClock,
    ids: createIds(),
    retry: systemRetry,
    logger,
    metrics: createMetrics(),
    tracer: createTracer(variables, logger),
  };
}
