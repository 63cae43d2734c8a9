import { AwsError, FaultPlane, type RequestContext } from '@outbox/local-cloud-kernel';
import { ROOT } from '@outbox/local-cloud-testing';
import { transactionFaults } from './transaction-faults';

describe('a transaction under faults', () => {
  const context: RequestContext = {
    accountId: ROOT.accountId,
    region: 'us-east-1',
    caller: ROOT,
    requestId: 'r',
    service: 'dynamodb',
    operation: 'TransactWriteItems',
    signal: new AbortController().signal,
  };
  const faults = new FaultPlane();
  const transact = (run: () => Promise<unknown>) =>
    transactionFaults.around?.(faults, context, { TransactItems: [{}, {}] }, run);

  it('is cancelled by a conflict that names no item', async () => {
    const run = jest.fn();
    faults.configure({ seed: 1, rates: { 'transaction-conflict': 1 } });
    await expect(transact(run)).rejects.toMatchObject({
      code: 'TransactionCanceledException',
      message: expect.stringContaining('[TransactionConflict, None]'),
      members: { CancellationReasons: [expect.objectContaining({ Code: 'TransactionConflict' }), { Code: 'None' }] },
    });
    expect(run).not.toHaveBeenCalled();
  });

  it('tells the item of the first failed condition only', async () => {
    const reasons = ['a', 'b'].map((Item) => ({ Code: 'ConditionalCheckFailed', Item }));
    const error = new AwsError('TransactionCanceledException', 'x', { members: { CancellationReasons: reasons } });
    faults.configure({ seed: 1, rates: { 'first-reason-only': 1 } });
    await expect(transact(() => Promise.reject(error))).rejects.toMatchObject({
      code: 'TransactionCanceledException',
      message: 'x',
      members: {
        CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item: 'a' }, { Code: 'ConditionalCheckFailed' }],
      },
    });
  });

  it('is left alone by the kinds of others', async () => {
    faults.configure({ seed: 1, rates: { 'partial-put-events': 1 } });
    await expect(transact(() => Promise.resolve('done'))).resolves.toBe('done');
  });
});
