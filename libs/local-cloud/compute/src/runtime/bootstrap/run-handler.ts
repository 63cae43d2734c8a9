import type { FunctionHandler, NextInvocation } from './types';

/**
 * Runs one invocation: a promise or a callback, `context.done/succeed/fail`, or nothing at all, in which case the answer
 * is null once the event loop is empty. With a callback the answer waits for an empty loop unless the function sets
 * `callbackWaitsForEmptyEventLoop = false`. Source: Lambda developer guide, nodejs-handler and nodejs-context.
 */
export function runHandler(
  handler: FunctionHandler,
  invocation: NextInvocation,
  env: NodeJS.ProcessEnv,
): Promise<unknown> {
  const parse = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));
  return new Promise((resolve, reject) => {
    let waits = true;
    let answered = false;
    let onEmpty = (): void => resolve(null);
    const whenEmpty = (): void => onEmpty();
    process.once('beforeExit', whenEmpty);
    const settle = (action: () => void): void => {
      process.removeListener('beforeExit', whenEmpty);
      action();
    };

    const answer = (error: unknown, result?: unknown, fromPromise = false): void => {
      if (answered) return;
      answered = true;
      const act = (): void => {
        if (error !== undefined && error !== null)
          reject(error instanceof Error || fromPromise ? error : new Error(String(error)));
        else resolve(result);
      };
      if (!waits || fromPromise) settle(act);
      else onEmpty = () => settle(act);
    };

    const context: Record<string, unknown> = {
      functionName: env['AWS_LAMBDA_FUNCTION_NAME'],
      functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'],
      memoryLimitInMB: env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
      logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'],
      logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'],
      awsRequestId: invocation.requestId,
      invokedFunctionArn: invocation.invokedArn,
      clientContext: parse(invocation.clientContext),
      identity: undefined,
      getRemainingTimeInMillis: () => invocation.deadlineMs - Date.now(),
      done: (error: unknown, result?: unknown) => answer(error, result),
      succeed: (result: unknown) => {
        waits = false;
        answer(null, result);
      },
      fail: (error: unknown) => {
        waits = false;
        answer(error ?? new Error('handled'));
      },
    };
    Object.defineProperty(context, 'callbackWaitsForEmptyEventLoop', {
      enumerable: true,
      get: () => waits,
      set: (value: unknown) => {
        waits = Boolean(value);
      },
    });

    try {
      const event: unknown = JSON.parse(invocation.body);
      const returned = handler(event, context, (error, result) => answer(error, result));
      if (typeof (returned as PromiseLike<unknown> | undefined)?.then === 'function') {
        (returned as PromiseLike<unknown>).then(
          (result) => answer(null, result, true),
          (error: unknown) => answer(error ?? new Error(String(error)), undefined, true),
        );
      }
    } catch (error) {
      answer(error ?? new Error(String(error)), undefined, true);
    }
  });
}
