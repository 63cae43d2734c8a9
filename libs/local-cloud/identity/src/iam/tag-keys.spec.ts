import { type Caller } from '@outbox/local-cloud-kernel';
import { specCloud } from '../testing/spec-cloud';

const ACCOUNT = '000000000000';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/admin`;

describe('conditions on tags', () => {
  const { call, identity } = specCloud();
  const document = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const TRUST = document({
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: 'sts:AssumeRole',
  });
  let admin: Caller;
  const allow = (...statements: object[]) =>
    call('iam', 'PutRolePolicy', {
      RoleName: 'admin',
      PolicyName: 'p',
      PolicyDocument: document(...statements.map((statement) => ({ Effect: 'Allow', Resource: '*', ...statement }))),
    });
  const denied = expect.stringMatching(/because no identity-based policy allows/) as unknown;
  const team = (Value: string) => [{ Key: 'team', Value }];
  const createRole = (RoleName: string, Tags: { Key: string; Value: string }[]) =>
    call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument: TRUST, Tags }, admin);

  beforeAll(async () => {
    const Tags = team('orders');
    await call('iam', 'CreateRole', { RoleName: 'admin', AssumeRolePolicyDocument: TRUST, Tags });
    admin = identity.assumeRole(ROLE, 'lambda.amazonaws.com', 's').caller;
  });

  it('look at those of the request and of the role or policy', async () => {
    const ofRequest = {
      StringEquals: { 'aws:RequestTag/team': '${aws:PrincipalTag/team}' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] },
    };
    const ofResource = { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } };
    await allow(
      { Action: ['iam:CreateRole', 'iam:CreatePolicy', 'iam:Tag*'], Condition: ofRequest },
      { Action: ['iam:GetRole', 'iam:GetPolicy'], Condition: ofResource },
      { Action: 'iam:DeleteRole', Condition: { StringEquals: { 'iam:ResourceTag/team': 'orders' } } },
    );
    await expect(createRole('theirs', team('bills'))).rejects.toMatchObject({ message: denied });
    const more = [...team('orders'), { Key: 'more', Value: '' }];
    await expect(createRole('mine', more)).rejects.toMatchObject({ message: denied });
    await createRole('mine', team('orders'));
    await expect(call('iam', 'GetRole', { RoleName: 'mine' }, admin)).resolves.toBeDefined();
    const PolicyDocument = document({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' });
    const make = { PolicyName: 'mine', PolicyDocument, Tags: team('orders') };
    const { Policy } = await call('iam', 'CreatePolicy', make, admin);
    const PolicyArn = Policy?.Arn;
    await expect(call('iam', 'GetPolicy', { PolicyArn }, admin)).resolves.toBeDefined();

    await call('iam', 'TagRole', { RoleName: 'mine', Tags: team('bills') });
    await call('iam', 'TagPolicy', { PolicyArn, Tags: team('bills') });
    await expect(call('iam', 'GetRole', { RoleName: 'mine' }, admin)).rejects.toMatchObject({ message: denied });
    await expect(call('iam', 'GetPolicy', { PolicyArn }, admin)).rejects.toMatchObject({ message: denied });
    await expect(call('iam', 'DeleteRole', { RoleName: 'mine' }, admin)).rejects.toMatchObject({ message: denied });
  });

  it('look at those of a request to KMS', async () => {
    const Condition = { StringEquals: { 'aws:RequestTag/team': 'orders' } };
    const keys = { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'spare' } };
    await allow(
      { Action: ['kms:CreateKey', 'kms:TagResource'], Condition },
      { Action: 'kms:UntagResource', Condition: keys },
    );
    const tag = (TagValue: string) => [{ TagKey: 'team', TagValue }];
    await expect(call('kms', 'CreateKey', { Tags: tag('bills') }, admin)).rejects.toMatchObject({ message: denied });
    const KeyId = (await call('kms', 'CreateKey', { Tags: tag('orders') }, admin)).KeyMetadata?.KeyId;
    const change = (Tags: ReturnType<typeof tag>) => call('kms', 'TagResource', { KeyId, Tags }, admin);
    await expect(change(tag('orders'))).resolves.toEqual({});
    await expect(change(tag('bills'))).rejects.toMatchObject({ message: denied });
    const untag = (name: string) => call('kms', 'UntagResource', { KeyId, TagKeys: [name] }, admin);
    await expect(untag('team')).rejects.toMatchObject({ message: denied });
    await expect(untag('spare')).resolves.toEqual({});
  });
});
