import { dynamoFailure } from './dynamo-failure';
import { retryWithin, type RetryPolicy } from './retry';

describe('retryWithin', () => {
  it('waits below a doubling, capped ceiling and returns the first answer', async () => {
    const { policy, waits } = fakeTime(10_000);
    const outcome = await retryWithin(policy, (number) =>
      Promise.resolve(
        number < 5 ? { kind: 'again' as const, reason: 'busy' } : { kind: 'answer' as const, value: number },
      ),
    );
    expect(outcome).toEqual({ kind: 'answer', value: 5 });
    expect(waits).toEqual([50, 100, 200, 200]);
  });

  it('stops while the reserve is still untouched', async () => {
    const { policy, waits } = fakeTime(400);
    const outcome = await retryWithin(policy, () => Promise.resolve({ kind: 'again' as const, reason: 'busy' }));
    expect(outcome).toEqual({ kind: 'exhausted', reason: 'busy', attempts: 3 });
    expect(waits).toEqual([50, 100]);
  });
});

describe('dynamoFailure', () => {
  const cancelled = (...codes: string[]) =>
    Object.assign(new Error('Transaction cancelled'), {
      name: 'TransactionCanceledException',
      CancellationReasons: codes.map((Code) => ({ Code })),
    });

  it('lets a failed condition decide over a conflict', () => {
    expect(dynamoFailure(cancelled('TransactionConflict', 'ConditionalCheckFailed'))).toEqual({
      kind: 'condition',
      failed: [1],
    });
  });

  it('calls a conflict or throttling busy', () => {
    expect(dynamoFailure(cancelled('None', 'TransactionConflict'))).toEqual({
      kind: 'busy',
      reason: 'TransactionConflict',
    });
    expect(dynamoFailure(Object.assign(new Error(), { name: 'ThrottlingException' }))).toMatchObject({ kind: 'busy' });
  });

  it('calls a service that is not there for a moment busy, whatever the error is called', () => {
    expect(dynamoFailure(Object.assign(new Error(), { name: 'ServiceUnavailable' }))).toMatchObject({ kind: 'busy' });
    const unnamed = Object.assign(new Error(), { name: 'Error', $metadata: { httpStatusCode: 502 } });
    expect(dynamoFailure(unnamed)).toEqual({ kind: 'busy', reason: 'HTTP 502' });
    const refused = Object.assign(new Error(), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } });
    expect(dynamoFailure(refused)).toEqual({ kind: 'fault' });
  });

  it.each([{ name: 'TimeoutError' }, { code: 'ECONNREFUSED' }])('tells a call that got no answer: %j', (fields) => {
    expect(dynamoFailure(Object.assign(new Error('no answer'), fields))).toEqual({
      kind: 'unanswered',
      reason: fields.name ?? fields.code,
    });
  });

  it('tells an item that can never be stored', () => {
    expect(dynamoFailure(cancelled('None', 'ValidationError'))).toMatchObject({ kind: 'invalid' });
    const single = Object.assign(new Error('empty key'), { name: 'ValidationException' });
    expect(dynamoFailure(single)).toEqual({ kind: 'invalid', detail: 'empty key' });
  });

  it('leaves other faults alone', () => {
    expect(dynamoFailure(new Error('socket hang up'))).toEqual({ kind: 'fault' });
  });
});

function fakeTime(budgetMs: number) {
  const waits: number[] = [];
  let left = budgetMs;
  const policy: RetryPolicy = {
    remainingMs: () => left,
    reserveMs: 100,
    baseMs: 100,
    capMs: 400,
    random: () => 0.5,
    sleep: (ms) => {
      waits.push(ms);
      left -= ms;
      return Promise.resolve();
    },
  };
  return { policy, waits };
}
