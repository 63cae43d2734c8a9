import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock, Logger, Metrics, RetryPolicy } from '@outbox/function-kit';
import type { ConsumerConfig } from './config';
import { createConsumerHandler, type ConsumerHandler } from './consumer';
import type { ConsumedEvent, Recognise } from './event';
import { createInbox, type BuildEffect } from './inbox';
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

/** The two things that make a consumer this consumer. */
export interface ConsumerDefinition<E extends ConsumedEvent> {
  readonly recognise: Recognise<E>;
  readonly effect: BuildEffect<E>;
}

/** A consumer's Lambda handler: table, queue and batch loop put together. */
export function createConsumer<E extends ConsumedEvent>(
  ports: ConsumerPorts,
  { recognise, effect }: ConsumerDefinition<E>,
): ConsumerHandler {
  const { config } = ports;
  return createConsumerHandler({
    ...ports,
    objectiveMs: config.objectiveSeconds * 1_000,
    recognise,
    inbox: createInbox({ ...ports, ...config, effect }),
    queue: createConsumerQueue({ ...config, sqs: ports.sqs, consumer: config.name }),
  });
}
