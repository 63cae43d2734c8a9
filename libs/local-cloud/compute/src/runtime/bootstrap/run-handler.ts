import type { FunctionHandler, NextInvocation, RuntimeErrors } from './types';

/**
 * Runs one invocation. The function answers by a promise, by the callback or by `context.done/succeed/fail`. The
 * callback's result waits until the event loop is empty, unless the function sets `callbackWaitsForEmptyEventLoop = false`;
 * everything else answers at once. When the event loop is empty and there is no answer, the answer is null, or an error
 * when the function is `async`.
 * @returns the answer as JSON text; rejects with whatever the function threw
 * Source: Lambda developer guide, nodejs-handler and nodejs-context; aws/aws-lambda-nodejs-runtime-interface-client.
 */
export function runHandler(
  handler: FunctionHandler,
  invocation: NextInvocation,
  env: NodeJS.ProcessEnv,
  runtimeError: RuntimeErrors,
): Promise<string> {
  const parse = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));
  const serialize = (result: unknown): string => {
    try {
      return JSON.stringify(result) ?? 'null';
    } catch {
      throw new Error('Unable to stringify response body');
    }
  };
  return new Promise((resolve, reject) => {
    let waits = true;
    let isAnswered = false;
    const isAsync = handler.constructor.name === 'AsyncFunction';
    const settle = (action: () => void): void => {
      process.removeListener('beforeExit', whenEmpty);
      action();
    };
    const fail = (error: unknown): void => settle(() => reject(error as Error));
    const succeed = (result: unknown): void => {
      try {
        const text = serialize(result);
        settle(() => resolve(text));
      } catch (error) {
        fail(error);
      }
    };
    let onEmpty = (): void => {
      if (!isAsync) return succeed(null);
      const text =
        'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes';
      return fail(runtimeError('NodeJsExit', text));
    };
    const whenEmpty = (): void => onEmpty();
    process.once('beforeExit', whenEmpty);

    /** Only the first answer counts. */
    const once = (answer: (error: unknown, result?: unknown) => void) => (error: unknown, result?: unknown) => {
      if (isAnswered) return;
      isAnswered = true;
      answer(error, result);
    };
    const isNone = (error: unknown): boolean => error === undefined || error === null;
    const done = once((error, result) => (isNone(error) ? succeed(result) : fail(error)));
    const callback = once((error, result) => {
      if (!isNone(error)) fail(error);
      else if (!waits) succeed(result);
      else onEmpty = () => succeed(result);
    });
    const refuse = (error: unknown): void => done(isNone(error) ? 'handled' : error);

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
      done,
      succeed: (result: unknown) => done(null, result),
      fail: refuse,
    };
    Object.defineProperty(context, 'callbackWaitsForEmptyEventLoop', {
      enumerable: true,
      get: () => waits,
      set: (value: unknown) => {
        waits = Boolean(value);
      },
    });

    try {
      const returned = handler(JSON.parse(invocation.body), context, callback);
      if (typeof (returned as PromiseLike<unknown> | undefined)?.then === 'function') {
        (returned as PromiseLike<unknown>).then((result) => done(null, result), refuse);
      }
    } catch (error) {
      callback(error);
    }
  });
}
