import { specCloud } from '../testing/spec-cloud';

const ROLE = 'arn:aws:iam::000000000000:role/long';

describe('AssumeRole', () => {
  const { call, identity } = specCloud();
  const policy = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: statement });
  const assume = (more: object = {}, caller?: Parameters<typeof call>[3]) =>
    call('sts', 'AssumeRole', { RoleArn: ROLE, RoleSessionName: 'me', ...more }, caller);

  beforeAll(async () => {
    const trust = { Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'sts:AssumeRole' };
    const AssumeRolePolicyDocument = policy(trust);
    await call('iam', 'CreateRole', { RoleName: 'long', AssumeRolePolicyDocument, MaxSessionDuration: 7200 });
    const PolicyDocument = policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' });
    await call('iam', 'PutRolePolicy', { RoleName: 'long', PolicyName: 'p', PolicyDocument });
  });

  it.each([
    ['a duration too short', { DurationSeconds: 899 }, /'durationSeconds' failed .* greater than or equal to 900$/],
    ['a duration nobody may have', { DurationSeconds: 43_201 }, /less than or equal to 43200$/],
    ['more than the role allows', { DurationSeconds: 7201 }, /exceeds the MaxSessionDuration set for this role/],
    [
      'a session’s name of one letter',
      { RoleSessionName: 'x' },
      /'roleSessionName' failed .* greater than or equal to 2$/,
    ],
    ['a session’s name too long', { RoleSessionName: 'x'.repeat(65) }, /less than or equal to 64$/],
    ['a session’s name of other signs', { RoleSessionName: 'a b' }, /regular expression pattern: \[\\w\+=,\.@-\]\*$/],
    ['an external id of one letter', { ExternalId: 'x' }, /'externalId' failed .* greater than or equal to 2$/],
    ['an external id of other signs', { ExternalId: 'a b' }, /'externalId' failed .* regular expression/],
    ['an ARN too short', { RoleArn: 'long' }, /'roleArn' failed .* greater than or equal to 20$/],
    ['an ARN that is none', { RoleArn: 'arn:aws:iam::role-of-nobody' }, /is invalid$/],
  ])('refuses %s', async (_, input, message) => {
    await expect(assume(input)).rejects.toMatchObject({
      code: 'ValidationError',
      message: expect.stringMatching(message),
    });
  });

  it('says it was the trust policy that denies', async () => {
    const trusting = (RoleName: string, statement: object) =>
      call('iam', 'CreateRole', {
        RoleName,
        AssumeRolePolicyDocument: policy({
          Action: 'sts:AssumeRole',
          Principal: { AWS: '000000000000' },
          ...statement,
        }),
      });
    await trusting('denying', { Effect: 'Deny' });
    await trusting('silent', { Effect: 'Allow', Condition: { StringEquals: { 'sts:ExternalId': 'secret' } } });
    const denied = (name: string, why: string) => ({
      queryCode: 'AccessDenied',
      message: `User: arn:aws:iam::000000000000:root is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::000000000000:role/${name} ${why}`,
    });
    const become = (name: string) => assume({ RoleArn: `arn:aws:iam::000000000000:role/${name}` });
    await expect(become('denying')).rejects.toMatchObject(
      denied('denying', 'with an explicit deny in the role trust policy'),
    );
    const why = 'because no role trust policy allows the sts:AssumeRole action';
    await expect(become('silent')).rejects.toMatchObject(denied('silent', why));
    await expect(become('nobody')).rejects.toMatchObject(denied('nobody', why));
  });

  it('gives a session that came by a role itself an hour at most', async () => {
    const { Credentials } = await assume({ DurationSeconds: 7200 });
    const session = identity.resolve(Credentials?.AccessKeyId ?? '', Credentials?.SessionToken)?.caller;
    await expect(assume({ DurationSeconds: 3601 }, session)).rejects.toMatchObject({
      code: 'ValidationError',
      message: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    });
    await expect(assume({ DurationSeconds: 3600 }, session)).resolves.toMatchObject({ PackedPolicySize: 0 });
  });
});
