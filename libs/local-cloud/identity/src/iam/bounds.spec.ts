import { specCloud } from '../testing/spec-cloud';

const document = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: statement });
const TRUST = document({
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
const ALLOW = document({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' });
const MANAGED = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

describe('IAM', () => {
  const { call, identity } = specCloud();
  const createRole = (more: object) =>
    call('iam', 'CreateRole', { RoleName: 'new', AssumeRolePolicyDocument: TRUST, ...more });
  const createPolicy = (more: object) =>
    call('iam', 'CreatePolicy', { PolicyName: 'new', PolicyDocument: ALLOW, ...more });
  const tags = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
  const failure = (run: () => Promise<unknown>) =>
    run().then(
      () => undefined,
      (error: unknown) => Reflect.get(error as object, 'queryCode') ?? Reflect.get(error as object, 'code'),
    );

  beforeAll(async () => {
    await createRole({ RoleName: 'Relay' });
    await createPolicy({ PolicyName: 'Known' });
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['a role’s name in other letters', () => createRole({ RoleName: 'RELAY' }), 'EntityAlreadyExists'],
    ['a policy’s name in other letters', () => createPolicy({ PolicyName: 'known' }), 'EntityAlreadyExists'],
    ['a path that is a name', () => createRole({ Path: 'a' }), 'ValidationError'],
    ['a path of 513 characters', () => createRole({ Path: `/${'a'.repeat(511)}/` }), 'ValidationError'],
    ['a policy’s path with other signs', () => createPolicy({ Path: '/a:b/' }), 'ValidationError'],
    ['a description too long', () => createRole({ Description: 'x'.repeat(1001) }), 'ValidationError'],
    ['a description of other signs', () => createRole({ Description: '\u2028' }), 'ValidationError'],
    ['a policy’s description too long', () => createPolicy({ Description: 'x'.repeat(1001) }), 'ValidationError'],
    ['a session too short', () => createRole({ MaxSessionDuration: 3599 }), 'ValidationError'],
    [
      'a session too long',
      () => call('iam', 'UpdateRole', { RoleName: 'Relay', MaxSessionDuration: 43_201 }),
      'ValidationError',
    ],
    [
      'an update’s description too long',
      () => call('iam', 'UpdateRole', { RoleName: 'Relay', Description: 'x'.repeat(1001) }),
      'ValidationError',
    ],
    ['a name no role can have', () => call('iam', 'GetRole', { RoleName: 'a b' }), 'ValidationError'],
    ['a name too long for a role', () => call('iam', 'DeleteRole', { RoleName: 'x'.repeat(65) }), 'ValidationError'],
    ['a page of nothing', () => call('iam', 'ListRoles', { MaxItems: 0 }), 'ValidationError'],
    ['a page of 1001', () => call('iam', 'ListPolicies', { MaxItems: 1001 }), 'ValidationError'],
    ['a marker nobody gave', () => call('iam', 'ListRoles', { Marker: 'x' }), 'ValidationError'],
    ['a tag without a name', () => createRole({ Tags: [{ Key: '', Value: 'v' }] }), 'ValidationError'],
    ['a tag’s name too long', () => createRole({ Tags: [{ Key: 'k'.repeat(129), Value: 'v' }] }), 'ValidationError'],
    ['a tag’s value too long', () => createPolicy({ Tags: [{ Key: 'k', Value: 'v'.repeat(257) }] }), 'ValidationError'],
    ['a tag of other signs', () => createPolicy({ Tags: [{ Key: 'k!', Value: 'v' }] }), 'ValidationError'],
    ['a tag of AWS', () => createRole({ Tags: [{ Key: 'aws:k', Value: 'v' }] }), 'InvalidInput'],
    [
      'a tag twice',
      () =>
        createRole({
          Tags: [
            { Key: 'k', Value: 'v' },
            { Key: 'K', Value: 'v' },
          ],
        }),
      'InvalidInput',
    ],
    ['51 tags at once', () => createRole({ Tags: tags(51) }), 'ValidationError'],
    [
      'an ARN that is none',
      () => call('iam', 'AttachRolePolicy', { RoleName: 'Relay', PolicyArn: 'arn:of:a-policy-that-is-none' }),
      'ValidationError',
    ],
    ['an ARN too short', () => call('iam', 'GetPolicy', { PolicyArn: 'known' }), 'ValidationError'],
    [
      'a version that is none',
      () => call('iam', 'GetPolicyVersion', { PolicyArn: MANAGED, VersionId: '1' }),
      'ValidationError',
    ],
    [
      'a policy of the role too long',
      () =>
        call('iam', 'PutRolePolicy', {
          RoleName: 'Relay',
          PolicyName: 'p',
          PolicyDocument: document(
            Array.from({ length: 120 }, () => JSON.parse(ALLOW) as { Statement: object }).map(({ Statement }) => ({
              ...Statement,
              Resource: `arn:aws:sqs:us-east-1:000000000000:${'q'.repeat(60)}`,
            })),
          ),
        }),
      'LimitExceeded',
    ],
  ])('refuses %s', async (_, run, code) => {
    expect(await failure(run)).toBe(code);
  });

  it('keeps one tag of a name, whatever its letters, and 50 in all', async () => {
    await createRole({ RoleName: 'tagged', Tags: [{ Key: 'Team', Value: 'a' }] });
    const tag = (Tags: { Key: string; Value: string }[]) => call('iam', 'TagRole', { RoleName: 'tagged', Tags });
    await tag([{ Key: 'team', Value: 'b' }]);
    const list = async () => (await call('iam', 'ListRoleTags', { RoleName: 'tagged' })).Tags;
    expect(await list()).toEqual([{ Key: 'team', Value: 'b' }]);
    await tag(tags(49));
    expect(await failure(() => tag([{ Key: 'one', Value: 'more' }]))).toBe('LimitExceeded');
    await call('iam', 'UntagRole', { RoleName: 'tagged', TagKeys: ['TEAM'] });
    expect(await list()).toHaveLength(49);
  });

  it('lists attached policies by path, and policies without their descriptions and tags', async () => {
    const made = await createPolicy({ PolicyName: 'Deep', Path: '/a/b/', Description: 'd', Tags: tags(1) });
    await call('iam', 'AttachRolePolicy', { RoleName: 'Relay', PolicyArn: made.Policy?.Arn });
    await call('iam', 'AttachRolePolicy', { RoleName: 'Relay', PolicyArn: MANAGED });
    const attached = async (PathPrefix?: string) =>
      (await call('iam', 'ListAttachedRolePolicies', { RoleName: 'Relay', PathPrefix })).AttachedPolicies?.length;
    expect([await attached(), await attached('/a/'), await attached('/service-role/'), await attached('/c/')]).toEqual([
      2, 1, 1, 0,
    ]);
    const listed = (await call('iam', 'ListPolicies', { PathPrefix: '/a/b/' })).Policies?.[0];
    expect([listed?.PolicyName, listed?.Description, listed?.Tags]).toEqual(['Deep', undefined, undefined]);
  });

  it('knows the tags of policies of AWS: none', async () => {
    expect(await call('iam', 'ListPolicyTags', { PolicyArn: MANAGED })).toMatchObject({ Tags: [], IsTruncated: false });
  });

  it('attaches no policy of another account', async () => {
    const theirs = identity.resolve('111122223333')?.caller;
    const { Policy } = await call('iam', 'CreatePolicy', { PolicyName: 'theirs', PolicyDocument: ALLOW }, theirs);
    const attach = () => call('iam', 'AttachRolePolicy', { RoleName: 'Relay', PolicyArn: Policy?.Arn });
    expect(await failure(attach)).toBe('NoSuchEntity');
  });

  it('refuses by name a policy of AWS that is not here', async () => {
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess';
    await expect(call('iam', 'AttachRolePolicy', { RoleName: 'Relay', PolicyArn })).rejects.toMatchObject({
      code: 'UnsupportedOperation',
      message: expect.stringContaining(`the AWS-managed policy ${PolicyArn}`) as unknown,
    });
  });
});
