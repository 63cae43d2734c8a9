import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock, Logger, Metrics, RetryPolicy } from '@outbox/function-kit';
import type { ConsumerConfig } from './config';
import { createConsumerHandler, type ConsumerHandler } from './consumer';
import type { ConsumedEvent, Recognise } from './event';
import { createInbox, type BuildEffect } from './inbox';
import { indexedProblem } from './inbox-item';
import { createConsumerQueue } from './queue';

/** The outside world of a consumer, made once in its `main.ts`. */
export interface ConsumerPorts {
  readonly config: ConsumerConfig;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly clock: Clock;
  readonly retry: Pick<RetryPolicy, 'random' | 'sleep'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** What makes a consumer this consumer. */
export interface ConsumerDefinition<E extends ConsumedEvent> {
  readonly recognise: Recognise<E>;
  readonly effect: BuildEffect<E>;
  /** Names of the effect's fields that an index of the table needs beside the record. */
  readonly indexed?: readonly string[];
  /** Days until an effect expires; for good if not given. */
  readonly keepDays?: number;
}

/** A definition that can't work; the message names what to change. */
export class ConsumerDefinitionError extends Error {
  override readonly name = 'ConsumerDefinitionError';
}

/**
 * A consumer's Lambda handler: table, queue and batch loop put together.
 * @throws ConsumerDefinitionError
 */
export function createConsumer<E extends ConsumedEvent>(
  ports: ConsumerPorts,
  { recognise, effect, indexed = [], keepDays }: ConsumerDefinition<E>,
): ConsumerHandler {
  const { config } = ports;
  for (const name of indexed) {
    const problem = indexedProblem(name);
    if (problem !== undefined) throw new ConsumerDefinitionError(`indexed: ${problem}`);
  }
  return createConsumerHandler({
    ...ports,
    objectiveMs: config.objectiveSeconds * 1_000,
    recognise,
    inbox: createInbox({ ...ports, ...config, effect, indexed, keepDays }),
    queue: createConsumerQueue({ ...config, sqs: ports.sqs, consumer: config.name }),
  });
}
