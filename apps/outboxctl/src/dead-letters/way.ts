import type { SQSClient } from '@aws-sdk/client-sqs';
import { redriveAttributes } from '@outbox/function-kit';
import { inOrder, type DeadLetter } from './dead-letter';
import { sendBatch, type Taken } from './dead-letter-queue';
import type { HandlerSource } from './source';

/** How the dead letters of one queue come back. */
export interface Way {
  readonly canBringBack: (letter: DeadLetter) => boolean;
  /** In which order they go; absent: as they come. */
  readonly compare?: (a: DeadLetter, b: DeadLetter) => number;
  /**
   * Brings some back, ten at most, together. Returns those that may be deleted, and what SQS said of those it didn't take;
   * the others stay.
   */
  readonly bringBack: (batch: readonly DeadLetter[]) => Promise<Taken<DeadLetter>>;
}

/** Messages of the bus go back to the queue they came from. */
export function handlerWay(sqs: SQSClient, { queueUrl, policy }: HandlerSource): Way {
  return {
    canBringBack: ({ event }) => event !== undefined,
    ...(policy === 'in-order' ? { compare: inOrder } : {}),
    bringBack: (batch) => sendBatch(sqs, queueUrl, batch, ({ reason }) => redriveAttributes(reason)),
  };
}

/** Sweeps that could not be started: one that `sweep` makes does what all of them would have done. */
export function sweeperWay(sweep: () => Promise<unknown>): Way {
  let made: Promise<unknown> | undefined;
  return {
    canBringBack: () => true,
    bringBack: async (batch) => {
      await (made ??= sweep());
      return { taken: batch, failed: [] };
    },
  };
}
