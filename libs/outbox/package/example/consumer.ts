import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { EventOf } from 'transactional-outbox-aws';
import {
  createConsumer,
  createLogger,
  createMetrics,
  readConsumerConfig,
  recogniserOf,
  systemClock,
  systemRetry,
  type ConsumerHandler,
} from 'transactional-outbox-aws/consumer';
import { parcel } from './parcels.js';

/** Where each parcel is. */
export function createHandler(variables: Readonly<Record<string, string | undefined>>): ConsumerHandler {
  return createConsumer(
    {
      config: readConsumerConfig(variables, 'latest'),
      dynamodb: new DynamoDBClient(),
      sqs: new SQSClient(),
      clock: systemClock,
      retry: systemRetry,
      logger: createLogger(),
      metrics: createMetrics(),
    },
    {
      recognise: recogniserOf([parcel.Moved]),
      effect: ({ data }: EventOf<typeof parcel.Moved>) => ({ place: data.place }),
    },
  );
}
