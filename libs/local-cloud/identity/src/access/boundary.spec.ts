import type { Caller } from '@outbox/local-cloud-kernel';
import { specCloud } from '../testing/spec-cloud';

const ROLE = 'arn:aws:iam::000000000000:role/relay';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:orders';
const policy = (...statements: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const allow = (action: string): string => policy({ Effect: 'Allow', Action: action, Resource: '*' });
const trust = policy({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });

describe('a permissions boundary', () => {
  let cloud: ReturnType<typeof specCloud>;
  let boundary: string;

  const relay = (): Caller => cloud.identity.assumeRole(ROLE, 'lambda.amazonaws.com', 'fn').caller;
  const send = (resourcePolicy?: string) => (): void =>
    cloud.identity.authorize(
      relay(),
      [{ action: 'sqs:SendMessage', resource: QUEUE, resourcePolicy }],
      'events',
      'SendMessage',
    );
  const grantedTo = (principal: unknown): string =>
    policy({ Effect: 'Allow', Principal: principal, Action: 'sqs:SendMessage', Resource: QUEUE });
  const bound = (PermissionsBoundary: string) =>
    cloud.call('iam', 'PutRolePermissionsBoundary', { RoleName: 'relay', PermissionsBoundary });

  beforeEach(async () => {
    cloud = specCloud();
    const made = await cloud.call('iam', 'CreatePolicy', { PolicyName: 'bound', PolicyDocument: allow('events:*') });
    boundary = made.Policy?.Arn ?? '';
    await cloud.call('iam', 'CreateRole', {
      RoleName: 'relay',
      AssumeRolePolicyDocument: trust,
      PermissionsBoundary: boundary,
    });
    await cloud.call('iam', 'PutRolePolicy', { RoleName: 'relay', PolicyName: 'p', PolicyDocument: allow('*') });
  });

  it('limits what the role’s own policies allow, in AWS’s words, until it is taken away', async () => {
    expect(send()).toThrow(
      /: sqs:SendMessage on resource: .* because no permissions boundary allows the sqs:SendMessage/,
    );
    expect((await cloud.call('iam', 'GetRole', { RoleName: 'relay' })).Role?.PermissionsBoundary).toEqual({
      PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
      PermissionsBoundaryArn: boundary,
    });

    await cloud.call('iam', 'DeleteRolePermissionsBoundary', { RoleName: 'relay' });
    expect(send()).not.toThrow();
    expect((await cloud.call('iam', 'GetRole', { RoleName: 'relay' })).Role?.PermissionsBoundary).toBeUndefined();
  });

  it('allows nothing by itself', async () => {
    await cloud.call('iam', 'DeleteRolePolicy', { RoleName: 'relay', PolicyName: 'p' });
    await cloud.call('iam', 'CreatePolicyVersion', {
      PolicyArn: boundary,
      PolicyDocument: allow('*'),
      SetAsDefault: true,
    });
    expect(send()).toThrow('because no identity-based policy allows');
  });

  it('limits what a resource’s policy grants to the role, and not what it grants to the session by its name', () => {
    expect(send(grantedTo({ AWS: ROLE }))).toThrow('because no permissions boundary allows');
    expect(send(grantedTo({ AWS: relay().arn }))).not.toThrow();
  });

  it('denies what it says it denies, whoever allows it', async () => {
    const denies = policy(
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'sqs:*', Resource: '*' },
    );
    await cloud.call('iam', 'CreatePolicyVersion', { PolicyArn: boundary, PolicyDocument: denies, SetAsDefault: true });
    expect(send(grantedTo({ AWS: relay().arn }))).toThrow('with an explicit deny in a permissions boundary');
  });

  it('is a policy that exists, and stays as long as a role is under it', async () => {
    await expect(bound('arn:aws:iam::000000000000:policy/none')).rejects.toMatchObject({
      queryCode: 'NoSuchEntity',
      message: 'Scope ARN: arn:aws:iam::000000000000:policy/none does not exist or is not attachable.',
    });
    await expect(bound('none')).rejects.toMatchObject({ code: 'ValidationError' });
    expect((await cloud.call('iam', 'GetPolicy', { PolicyArn: boundary })).Policy).toMatchObject({
      AttachmentCount: 0,
      PermissionsBoundaryUsageCount: 1,
    });
    const list = await cloud.call('iam', 'ListPolicies', { PolicyUsageFilter: 'PermissionsBoundary' });
    expect(list.Policies?.map(({ Arn }) => Arn)).toEqual([boundary]);
    await expect(cloud.call('iam', 'DeletePolicy', { PolicyArn: boundary })).rejects.toMatchObject({
      queryCode: 'DeleteConflict',
    });
  });

  it('can be demanded of whoever makes roles or gives them policies', async () => {
    const demand = (action: string) =>
      policy({
        Effect: 'Allow',
        Action: action,
        Resource: '*',
        Condition: { StringEquals: { 'iam:PermissionsBoundary': boundary } },
      });
    for (const [index, action] of ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:*Boundary'].entries()) {
      await cloud.call('iam', 'CreateRole', { RoleName: `maker-${index}`, AssumeRolePolicyDocument: trust });
      await cloud.call('iam', 'PutRolePolicy', {
        RoleName: `maker-${index}`,
        PolicyName: 'p',
        PolicyDocument: demand(action),
      });
    }
    const maker = (index: number): Caller =>
      cloud.identity.assumeRole(`arn:aws:iam::000000000000:role/maker-${index}`, 'lambda.amazonaws.com', 's').caller;
    const make = (name: string, PermissionsBoundary?: string) =>
      cloud.call(
        'iam',
        'CreateRole',
        { RoleName: name, AssumeRolePolicyDocument: trust, PermissionsBoundary },
        maker(0),
      );
    const give = (RoleName: string) =>
      cloud.call('iam', 'PutRolePolicy', { RoleName, PolicyName: 'q', PolicyDocument: allow('sqs:*') }, maker(1));

    await expect(make('free')).rejects.toThrow('is not authorized to perform: iam:CreateRole');
    await make('bounded', boundary);
    await expect(give('maker-0')).rejects.toThrow('is not authorized to perform: iam:PutRolePolicy');
    await give('bounded');
    const other = await cloud.call('iam', 'CreatePolicy', { PolicyName: 'other', PolicyDocument: allow('*') });
    const widen = (PermissionsBoundary: string) =>
      cloud.call('iam', 'PutRolePermissionsBoundary', { RoleName: 'bounded', PermissionsBoundary }, maker(2));
    await expect(widen(other.Policy?.Arn ?? '')).rejects.toThrow('is not authorized to perform');
    await widen(boundary);
  });
});
