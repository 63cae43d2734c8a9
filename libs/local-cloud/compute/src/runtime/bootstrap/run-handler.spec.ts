import { checkSignature } from './check-signature';
import { describeError } from './describe-error';
import { runHandler } from './run-handler';
import { runtimeError } from './runtime-error';
import type { FunctionHandler } from './types';

const invocation = {
  requestId: 'id',
  deadlineMs: 0,
  invokedArn: 'arn',
  traceId: undefined,
  clientContext: undefined,
  clockOffsetMs: 0,
  body: '{}',
};
const run = (handler: FunctionHandler): Promise<string> => runHandler(handler, invocation, {}, runtimeError);

/** What Lambda would report. */
async function failure(handler: FunctionHandler): Promise<unknown> {
  try {
    return await run(handler);
  } catch (error) {
    const { errorType, errorMessage } = describeError(error);
    return [errorType, errorMessage];
  }
}

const succeed = (context: Record<string, unknown>, result: unknown) =>
  (context['succeed'] as (result: unknown) => void)(result);
const fail = (context: Record<string, unknown>, error?: unknown) =>
  (context['fail'] as (error: unknown) => void)(error);

describe('an invocation', () => {
  it.each<[string, FunctionHandler, string]>([
    ['a promise’s value', () => Promise.resolve({ a: 1 }), '{"a":1}'],
    ['null for undefined', () => Promise.resolve(undefined), 'null'],
    ['null for what JSON has no form of', () => Promise.resolve(() => 1), 'null'],
    ['what context.succeed says, at once', (_event, context) => succeed(context, 'now'), '"now"'],
    [
      'a callback’s result, at once where it need not wait',
      (_event, context, callback) => {
        context['callbackWaitsForEmptyEventLoop'] = false;
        callback(null, 'now');
        callback(null, 'later');
      },
      '"now"',
    ],
  ])('is answered with %s', async (_kind, handler, text) => {
    expect(await run(handler)).toBe(text);
  });

  const circle: Record<string, unknown> = {};
  circle['self'] = circle;

  it.each<[string, FunctionHandler, [string, string]]>([
    ['a big integer', () => Promise.resolve({ a: 1n }), ['Error', 'Unable to stringify response body']],
    ['a circle', (_event, context) => succeed(context, circle), ['Error', 'Unable to stringify response body']],
    ['undefined that was thrown', () => Promise.reject(undefined), ['string', 'handled']],
    ['a failure without an error', (_event, context) => fail(context), ['string', 'handled']],
    ['an error of a callback', (_event, _context, callback) => callback('plain'), ['string', 'plain']],
    ['an object', () => Promise.reject({ a: 1 }), ['object', '[object Object]']],
    ['what looks like an error', () => Promise.reject({ name: 'N', message: 'm', stack: 's' }), ['N', 'm']],
    [
      'what has no text',
      () => Promise.reject(Object.create(null)),
      ['handled', expect.stringContaining('there was a problem') as string],
    ],
  ])('fails with %s', async (_kind, handler, expected) => {
    expect(await failure(handler)).toEqual(expected);
  });
});

describe('a handler that takes a callback', () => {
  const withCallback: FunctionHandler = (_event, _context, callback) => callback(null, 1);
  const withoutCallback: FunctionHandler = () => Promise.resolve(1);

  it('is refused from Node.js 24 on', () => {
    const check = (handler: FunctionHandler, version: string) => () => checkSignature(handler, version, runtimeError);
    expect(check(withCallback, '24.1.0')).toThrow(
      expect.objectContaining({ name: 'Runtime.CallbackHandlerDeprecated' }),
    );
    expect(check(withCallback, '22.23.3')).not.toThrow();
    expect(check(withoutCallback, '24.1.0')).not.toThrow();
  });
});
