import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Clock, Logger, Metrics } from '@outbox/function-kit';
import { sweep, type SweepReport } from '@outbox/outbox-dynamodb';
import type { Context } from 'aws-lambda';
import type { SweeperConfig } from './config';
import { createEventBus } from './event-bus';

/** The outside world of outbox-sweeper, made once in `main.ts`. */
export interface SweeperFunctionPorts {
  readonly config: SweeperConfig;
  readonly dynamodb: DynamoDBClient;
  readonly eventbridge: EventBridgeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export type SweeperHandler = (
  input: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<SweepReport>;

/** The function was not invoked with `{"now": "<ISO-8601 time>"}`. */
export class InvalidSweepInput extends Error {
  override readonly name = 'InvalidSweepInput';
}

/**
 * Publishes again whatever is due and still unpublished at the time it is given: a schedule's own time, so that a run
 * that is repeated decides as the first time.
 */
export function createSweeperHandler(ports: SweeperFunctionPorts): SweeperHandler {
  const { config, dynamodb, eventbridge, metrics } = ports;
  const sweeper = {
    ...ports,
    table: { dynamodb, tableName: config.tableName },
    bus: createEventBus(eventbridge, config),
    policy: { thresholdMs: config.thresholdSeconds * 1_000, limit: config.sweepLimit },
  };
  return async (input, context) => {
    try {
      return await sweep(sweeper, readNow(input), () => context.getRemainingTimeInMillis());
    } finally {
      metrics.flush();
    }
  };
}

/** A date and a time with its zone: what is due must not depend on where the function runs. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

function readNow(input: unknown): number {
  const now = typeof input === 'object' && input !== null && 'now' in input ? input.now : undefined;
  const time = typeof now === 'string' && ISO_TIME.test(now) ? Date.parse(now) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new InvalidSweepInput(`expected {"now": "<ISO-8601 time>"}, got ${JSON.stringify(input)}`);
  }
  return time;
}
