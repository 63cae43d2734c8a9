import { specCloud } from '../testing/spec-cloud';

const ROLE = 'arn:aws:iam::000000000000:role/reader';

describe('KMS', () => {
  const cloud = specCloud();
  const createKey = async () => (await cloud.call('kms', 'CreateKey', {})).KeyMetadata?.Arn ?? '';

  beforeAll(async () => {
    const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    await cloud.call('iam', 'CreateRole', {
      RoleName: 'reader',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    });
  });

  describe('what AWS refuses', () => {
    const ALIAS = 'alias/refusals';
    let KeyId = '';
    beforeAll(async () => {
      KeyId = await createKey();
      await cloud.call('kms', 'CreateAlias', { AliasName: ALIAS, TargetKeyId: KeyId });
    });
    const refusal = (run: () => Promise<unknown>) =>
      run().then(
        () => undefined,
        (error: unknown) => error,
      );
    const grant = (more: object) =>
      cloud.call('kms', 'CreateGrant', { KeyId, GranteePrincipal: ROLE, Operations: ['Decrypt'], ...more });
    const tags = (count: number, prefix = 'k') =>
      Array.from({ length: count }, (_, index) => ({ TagKey: `${prefix}${index}`, TagValue: 'v' }));

    it.each<[string, () => Promise<unknown>, string]>([
      ['an alias where a key is managed', () => cloud.call('kms', 'DisableKey', { KeyId: ALIAS }), 'NotFoundException'],
      [
        'an alias for its rotation',
        () => cloud.call('kms', 'GetKeyRotationStatus', { KeyId: ALIAS }),
        'NotFoundException',
      ],
      [
        'another region’s key',
        () => cloud.call('kms', 'DescribeKey', { KeyId: KeyId.replace('us-east-1', 'eu-west-1') }),
        'NotFoundException',
      ],
      ['an ARN that is none', () => cloud.call('kms', 'DescribeKey', { KeyId: 'arn:aws:kms' }), 'InvalidArnException'],
      [
        'another service’s ARN',
        () => cloud.call('kms', 'DescribeKey', { KeyId: KeyId.replace('kms', 'sqs') }),
        'InvalidArnException',
      ],
      ['a grant nobody names', () => cloud.call('kms', 'RetireGrant', {}), 'ValidationException'],
      ['a token nobody has', () => cloud.call('kms', 'RetireGrant', { GrantToken: 'x' }), 'InvalidGrantTokenException'],
      [
        'a key spec there is not',
        () => cloud.call('kms', 'GenerateDataKey', { KeyId, KeySpec: 'AES_512' as never }),
        'ValidationException',
      ],
      ['a page of nothing', () => cloud.call('kms', 'ListKeys', { Limit: 0 }), 'ValidationException'],
      ['a page beyond 1000', () => cloud.call('kms', 'ListKeys', { Limit: 1001 }), 'ValidationException'],
      [
        'a policy of another name',
        () => cloud.call('kms', 'GetKeyPolicy', { KeyId, PolicyName: 'x' }),
        'NotFoundException',
      ],
      ['a grantee that is none', () => grant({ GranteePrincipal: 'nobody' }), 'InvalidArnException'],
      [
        'a grant for a resource',
        () => grant({ Constraints: { SourceArn: 'arn:aws:sqs:us-east-1:000000000000:q' } }),
        'UnsupportedOperation',
      ],
      ['a grant for a service', () => grant({ GranteeServicePrincipal: 'sqs.amazonaws.com' }), 'UnsupportedOperation'],
      ['a role nobody has', () => grant({ RetiringPrincipal: `${ROLE}-2` }), 'InvalidArnException'],
      ['tags AWS keeps', () => cloud.call('kms', 'CreateKey', { Tags: tags(1, 'aws:') }), 'TagException'],
      ['the same tag twice', () => cloud.call('kms', 'CreateKey', { Tags: [...tags(1), ...tags(1)] }), 'TagException'],
      [
        'a tag without a name',
        () => cloud.call('kms', 'TagResource', { KeyId, Tags: [{ TagKey: '', TagValue: '' }] }),
        'ValidationException',
      ],
      ['51 tags', () => cloud.call('kms', 'CreateKey', { Tags: tags(51) }), 'LimitExceededException'],
      [
        'a window too short',
        () => cloud.call('kms', 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 6 }),
        'ValidationException',
      ],
    ])('is %s', async (_, run, code) => {
      expect(await refusal(run)).toMatchObject({ code });
    });

    it('is the 51st alias of one key', async () => {
      const TargetKeyId = await createKey();
      const name = (index: number) => ({ AliasName: `alias/many-${index}`, TargetKeyId });
      for (let index = 0; index < 50; index += 1) await cloud.call('kms', 'CreateAlias', name(index));
      expect(await refusal(() => cloud.call('kms', 'CreateAlias', name(50)))).toMatchObject({
        code: 'LimitExceededException',
      });
    });
  });

  it('lists a hundred keys unless told', async () => {
    const other = cloud.identity.resolve('444455556666')?.caller;
    for (let index = 0; index < 101; index += 1) await cloud.call('kms', 'CreateKey', {}, other);
    const page = await cloud.call('kms', 'ListKeys', {}, other);
    expect(page).toMatchObject({ Truncated: true });
    expect(page.Keys).toHaveLength(100);
    expect((await cloud.call('kms', 'ListKeys', { Marker: page.NextMarker }, other)).Keys).toHaveLength(1);
  });
});
