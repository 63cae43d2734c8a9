import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import {
  passingTracer,
  type Clock,
  type Logger,
  type Metrics,
  type RetryPolicy,
  type Tracer,
} from '@outbox/function-kit';
import { sweep, workShare, type ShareReport, type SweepReport } from '@outbox/outbox-dynamodb';
import type { Context } from 'aws-lambda';
import type { SweeperConfig } from './config';
import { createEventBus } from './event-bus';
import { readSweepInput } from './sweep-input';
import { createWorkers } from './workers';

/** The outside world of outbox-sweeper, made once in `main.ts`. */
export interface SweeperFunctionPorts {
  readonly config: SweeperConfig;
  readonly dynamodb: DynamoDBClient;
  /** Called when there is something to publish, which most sweeps don't find. */
  readonly eventbridge: () => EventBridgeClient;
  /** Called when shares are handed out; set up with `workerClientConfig`. */
  readonly lambda: () => LambdaClient;
  readonly clock: Clock;
  readonly retry: Pick<RetryPolicy, 'random' | 'sleep'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer?: Tracer;
}

export type SweeperHandler = (
  input: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis' | 'invokedFunctionArn'>,
) => Promise<SweepReport | ShareReport>;

/**
 * Publishes again whatever is due and still unpublished at the time it is given: a schedule's own time, so that a run
 * that is repeated decides as the first time. A run with a large backlog invokes the function again with shares of it.
 * @throws InvalidSweepInput, SweepIncomplete
 */
export function createSweeperHandler(ports: SweeperFunctionPorts): SweeperHandler {
  const { config, dynamodb, eventbridge, lambda, clock, metrics, tracer = passingTracer } = ports;
  const sweeper = {
    ...ports,
    table: { dynamodb, tableName: config.tableName },
    bus: createEventBus(eventbridge, config),
    policy: { thresholdMs: config.thresholdSeconds * 1_000, start: config.sweepStart },
  };
  return async (event, context) => {
    const input = readSweepInput(event);
    const workers = createWorkers(lambda, context.invokedFunctionArn, config.sweepConcurrency);
    const remainingMs = (): number => context.getRemainingTimeInMillis();
    try {
      if (input.kind === 'share') {
        const { keys, now, deadline } = input.share;
        const untilDeadlineMs = (): number => Math.min(remainingMs(), deadline - clock.now());
        return await workShare({ ...sweeper, workers }, keys, now, untilDeadlineMs);
      }
      return await sweep({ ...sweeper, workers }, input.now, remainingMs);
    } finally {
      metrics.flush();
      await tracer.flush();
    }
  };
}
