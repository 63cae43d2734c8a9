import { specCloud } from '../testing/spec-cloud';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const allow = (action: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });

describe('IAM', () => {
  let call: ReturnType<typeof specCloud>['call'];
  let identity: ReturnType<typeof specCloud>['identity'];

  beforeEach(async () => {
    ({ call, identity } = specCloud());
    await call('iam', 'CreateRole', {
      RoleName: 'relay',
      Path: '/outbox/',
      AssumeRolePolicyDocument: TRUST,
      Tags: [{ Key: 'project', Value: 'outbox' }],
    });
  });

  it('answers a role as it was made, its trust policy percent-encoded', async () => {
    const { Role } = await call('iam', 'GetRole', { RoleName: 'relay' });

    expect(Role).toMatchObject({
      Arn: 'arn:aws:iam::000000000000:role/outbox/relay',
      Path: '/outbox/',
      MaxSessionDuration: 3600,
      Tags: [{ Key: 'project', Value: 'outbox' }],
    });
    expect(Role?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(Role?.AssumeRolePolicyDocument).toMatch(/^%7B%22Version/);
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(TRUST);
  });

  it('keeps accounts apart', async () => {
    const other = identity.resolve('111122223333')?.caller;
    await expect(call('iam', 'GetRole', { RoleName: 'relay' }, other)).rejects.toMatchObject({
      code: 'NoSuchEntityException',
      queryCode: 'NoSuchEntity',
      status: 404,
      message: 'The role with name relay cannot be found.',
    });
  });

  it('lets a role go only once its policies are gone', async () => {
    const policy = await call('iam', 'CreatePolicy', { PolicyName: 'p', PolicyDocument: allow('sqs:*') });
    const PolicyArn = policy.Policy?.Arn ?? '';
    await call('iam', 'PutRolePolicy', { RoleName: 'relay', PolicyName: 'inline', PolicyDocument: allow('sqs:*') });
    await call('iam', 'AttachRolePolicy', { RoleName: 'relay', PolicyArn });
    const remove = () => call('iam', 'DeleteRole', { RoleName: 'relay' });

    await expect(remove()).rejects.toMatchObject({ queryCode: 'DeleteConflict', status: 409 });
    await expect(call('iam', 'DeletePolicy', { PolicyArn })).rejects.toMatchObject({ queryCode: 'DeleteConflict' });
    await call('iam', 'DetachRolePolicy', { RoleName: 'relay', PolicyArn });
    await expect(remove()).rejects.toMatchObject({ queryCode: 'DeleteConflict' });
    await call('iam', 'DeleteRolePolicy', { RoleName: 'relay', PolicyName: 'inline' });
    await remove();
    await call('iam', 'DeletePolicy', { PolicyArn });
    await expect(call('iam', 'GetRole', { RoleName: 'relay' })).rejects.toMatchObject({ queryCode: 'NoSuchEntity' });
  });

  it('puts the default version of an attached policy in force', async () => {
    const { Policy } = await call('iam', 'CreatePolicy', { PolicyName: 'p', PolicyDocument: allow('sqs:*') });
    const PolicyArn = Policy?.Arn ?? '';
    await call('iam', 'AttachRolePolicy', { RoleName: 'relay', PolicyArn });
    const { caller } = identity.assumeRole('arn:aws:iam::000000000000:role/outbox/relay', 'lambda.amazonaws.com', 's');
    const authorize = (action: string) => () =>
      identity.authorize(caller, [{ action, resource: '*' }], action.split(':')[0] ?? '', action);

    expect(authorize('sqs:SendMessage')).not.toThrow();
    const next = await call('iam', 'CreatePolicyVersion', {
      PolicyArn,
      PolicyDocument: allow('events:*'),
      SetAsDefault: true,
    });
    expect(next.PolicyVersion).toMatchObject({ VersionId: 'v2', IsDefaultVersion: true });
    expect(authorize('sqs:SendMessage')).toThrow('sqs:sendmessage');
    expect(authorize('events:PutEvents')).not.toThrow();
  });

  it.each([
    [
      'a policy that is none',
      { RoleName: 'x', AssumeRolePolicyDocument: '{"Statement":[]}' },
      'MalformedPolicyDocument',
    ],
    ['a name too long', { RoleName: 'x'.repeat(65), AssumeRolePolicyDocument: TRUST }, 'ValidationError'],
    ['a name taken', { RoleName: 'relay', AssumeRolePolicyDocument: TRUST }, 'EntityAlreadyExists'],
    [
      'a boundary that is none',
      { RoleName: 'x', AssumeRolePolicyDocument: TRUST, PermissionsBoundary: 'a' },
      'ValidationError',
    ],
  ])('refuses %s', async (_, input, code) => {
    const error = await call('iam', 'CreateRole', input).catch((cause: unknown) => cause);
    expect([Reflect.get(error as object, 'queryCode'), Reflect.get(error as object, 'code')]).toContain(code);
  });

  it('does for a role only what it may', async () => {
    const { caller } = identity.assumeRole('arn:aws:iam::000000000000:role/outbox/relay', 'lambda.amazonaws.com', 's');
    await expect(call('iam', 'GetRole', { RoleName: 'relay' }, caller)).rejects.toThrow(
      'is not authorized to perform: iam:GetRole on resource: arn:aws:iam::000000000000:role/outbox/relay',
    );
    expect((await call('sts', 'GetCallerIdentity', {}, caller)).Arn).toBe(caller.arn);
  });
});
