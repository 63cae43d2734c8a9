import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock, Logger, Metrics, RetryPolicy, Tracer } from '@outbox/function-kit';
import { createAcknowledger, type AcknowledgerHandler } from '@outbox/outbox-dynamodb';
import type { AcknowledgerConfig } from './config';
import { createDeadLetters } from './dead-letters';

/** The outside world of outbox-acknowledger, made once in `main.ts`. */
export interface AcknowledgerFunctionPorts {
  readonly config: AcknowledgerConfig;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly clock: Clock;
  readonly retry: Pick<RetryPolicy, 'random' | 'sleep'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer?: Tracer;
}

/** Every event of the outbox that reached the bus is marked as published in its table. */
export function createAcknowledgerHandler(ports: AcknowledgerFunctionPorts): AcknowledgerHandler {
  const { config, dynamodb, sqs } = ports;
  return createAcknowledger({
    ...ports,
    table: { dynamodb, tableName: config.tableName },
    deadLetters: createDeadLetters(sqs, config.dlqUrl),
    policy: { retentionDays: config.retentionDays },
    source: config.eventSource,
  });
}
