import { UnstorableValueError } from '@outbox/function-kit';
import { transactWriteItem } from './plain-write';

const update = { table: 'subscriptions', key: { id: 's-1' }, update: 'SET #s = :status', names: { '#s': 'status' } };

describe('an update with a condition', () => {
  it('shares a placeholder that means the same in both', () => {
    const condition = { expression: '#s <> :status', names: { '#s': 'status' }, values: { ':status': 'cancelled' } };
    const write = { update: { ...update, values: { ':status': 'cancelled' }, condition } };
    expect(transactWriteItem(write).Update).toMatchObject({
      ExpressionAttributeNames: { '#s': 'status' },
      ExpressionAttributeValues: { ':status': { S: 'cancelled' } },
    });
  });

  it.each([
    [':status', { values: { ':status': 'active' } }],
    ['#s', { names: { '#s': 'state' } }],
  ])('may not give %s another meaning', (name, others) => {
    const condition = { expression: '#s = :status', ...others };
    const write = { update: { ...update, values: { ':status': 'cancelled' }, condition } };
    expect(() => transactWriteItem(write)).toThrow(
      new UnstorableValueError(name, 'the update and its condition give it different values: rename one'),
    );
  });
});
