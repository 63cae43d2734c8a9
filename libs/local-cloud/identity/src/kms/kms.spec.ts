import { SqliteStore } from '@outbox/local-cloud-kernel';
import { testCloud } from '../test-engine';

describe('KMS', () => {
  const cloud = testCloud(new SqliteStore(':memory:'));
  const describeKey = async (KeyId: string, caller = cloud.admin) =>
    (await cloud.call('kms', 'DescribeKey', { KeyId }, caller)).KeyMetadata;

  it('has one AWS-managed key per service and account, whatever it is named by', async () => {
    const key = await describeKey('alias/aws/dynamodb');

    expect(key).toMatchObject({ KeyManager: 'AWS', AWSAccountId: '000000000000', KeyState: 'Enabled' });
    expect(await describeKey(key?.Arn ?? '')).toEqual(key);
    expect(await describeKey('alias/aws/dynamodb')).toEqual(key);
    const other = cloud.identity.resolve('111122223333')?.caller;
    expect((await describeKey('alias/aws/dynamodb', other))?.KeyId).not.toBe(key?.KeyId);
  });

  it('answers a key nobody has with AWS’s error', async () => {
    await expect(describeKey('alias/mine')).rejects.toMatchObject({
      code: 'NotFoundException',
      message: 'Alias arn:aws:kms:us-east-1:000000000000:alias/mine is not found.',
    });
  });

  it('opens an AWS-managed key to its own service only', async () => {
    const as = (service: string) => cloud.identity.servicePrincipal(service, '000000000000', 'arn:aws:x:::y');
    expect(await describeKey('alias/aws/dynamodb', as('dynamodb.amazonaws.com'))).toBeDefined();
    await expect(describeKey('alias/aws/sqs', as('events.amazonaws.com'))).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
  });
});
