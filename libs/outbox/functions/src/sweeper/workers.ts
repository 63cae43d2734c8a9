import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Share, ShareReport, SweepWorkers } from '@outbox/outbox-dynamodb';
import { shareInput } from './sweep-input';

/** An invocation that was handed a share has failed; the message holds what it said. */
export class WorkerFailedError extends Error {
  override readonly name = 'WorkerFailedError';
}

/**
 * How a sweeper's Lambda client is set up, beside `awsClientConfig`: a worker is waited for until its time is over, and
 * not asked twice, since it may be at work.
 */
export const workerClientConfig = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 60_000, throwOnRequestTimeout: true },
} as const;

/** No invocation was started: too many are running, or the share is too large for one. Source: API reference, Invoke. */
const NOT_STARTED = ['TooManyRequestsException', 'RequestTooLargeException'];

/**
 * Further invocations of the function under `functionArn`, with its alias as it was invoked itself. They are one level
 * deep: Lambda stops functions that call themselves in a chain of some sixteen.
 */
export function createWorkers(lambda: () => LambdaClient, functionArn: string, atOnce: number): SweepWorkers {
  return {
    atOnce,
    work: async (share: Share): Promise<ShareReport | undefined> => {
      const Payload = Buffer.from(JSON.stringify(shareInput(share)));
      try {
        const answer = await lambda().send(new InvokeCommand({ FunctionName: functionArn, Payload }));
        const payload = Buffer.from(answer.Payload ?? []).toString('utf8');
        if (answer.FunctionError !== undefined) throw new WorkerFailedError(payload.slice(0, 500));
        return JSON.parse(payload) as ShareReport;
      } catch (error) {
        if (error instanceof Error && NOT_STARTED.includes(error.name)) return undefined;
        throw error;
      }
    },
  };
}
