import { dynamoFailure } from './dynamo-failure';

describe('a failure of DynamoDB', () => {
  it.each([
    ['AccessDeniedException', 'KMS key access denied error: User: … is not authorized to perform: kms:Decrypt'],
    ['ValidationException', 'KMS key disabled error: the key is disabled'],
  ])('is worth another try where a customer key is in the way: %s, %s', (name, message) => {
    expect(dynamoFailure(Object.assign(new Error(message), { name }))).toEqual({ kind: 'busy', reason: message });
  });

  it.each([
    ['AccessDeniedException', 'fault'],
    ['ValidationException', 'invalid'],
  ])('is none to try again otherwise: %s', (name, kind) => {
    expect(dynamoFailure(Object.assign(new Error('no'), { name }))).toMatchObject({ kind });
  });

  it('is none where a consumer speaks of a key of its own', () => {
    expect(dynamoFailure(new Error('KMS data key of p-1 was deleted'))).toEqual({ kind: 'fault' });
  });
});
