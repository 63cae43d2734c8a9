import { specCloud } from '../testing/spec-cloud';

const ACCOUNT = '000000000000';

describe('IAM', () => {
  const { call } = specCloud();
  const document = (statement: object | object[], Version: string | undefined = '2012-10-17'): string =>
    JSON.stringify({ Version, Statement: statement });
  const trust = (statement: object): string =>
    document({
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
      ...statement,
    });
  const allow = { Effect: 'Allow', Action: 'sqs:*', Resource: '*' };
  const createRole = (AssumeRolePolicyDocument: string, RoleName = 'r') =>
    call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument });

  beforeAll(() => createRole(trust({}), 'relay'));

  it.each([
    [
      'a resource that is no ARN',
      document({ ...allow, Resource: 'orders' }),
      'Resource orders must be in ARN format or "*".',
    ],
    [
      'a resource of no partition',
      document({ ...allow, Resource: 'arn:azure:sqs:x:1:q' }),
      'Partition "azure" is not valid for resource "arn:azure:sqs:x:1:q".',
    ],
    [
      'half an ARN',
      document({ ...allow, NotResource: ['arn:aws:sqs'], Resource: undefined }),
      'The policy failed legacy parsing',
    ],
    ['an empty resource', document({ ...allow, Resource: '' }), 'Resource  must be in ARN format or "*".'],
    [
      'the same Sid twice',
      document([
        { Sid: 'a', ...allow },
        { Sid: 'a', ...allow },
      ]),
      'Statement IDs (SID) in a single policy must be unique.',
    ],
    [
      'a Sid of other signs',
      document({ Sid: 'a b', ...allow }),
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    ],
    ['a Sid that is no text', document({ Sid: 1, ...allow }), 'Syntax errors in policy.'],
    [
      'a condition key without a vendor',
      document({ ...allow, Condition: { Bool: { SecureTransport: true } } }),
      'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    ],
    ['a version there is not', document(allow, '2013-10-17'), 'The policy must contain a valid version string'],
  ])('refuses an inline policy with %s', async (_, PolicyDocument, message) => {
    const input = { RoleName: 'relay', PolicyName: 'p', PolicyDocument };
    await expect(call('iam', 'PutRolePolicy', input)).rejects.toMatchObject({
      queryCode: 'MalformedPolicyDocument',
      message,
    });
  });

  it.each([
    [
      'an ARN with a variable',
      document({ ...allow, Resource: 'arn:aws:sqs:*:${aws:PrincipalAccount}:q-${aws:userid}' }),
    ],
    ['a service’s every resource', document({ ...allow, Resource: 'arn:aws:sqs:*' })],
    [
      'empty Sids',
      document([
        { Sid: '', ...allow },
        { Sid: '', ...allow },
      ]),
    ],
    ['the older version', document(allow, '2008-10-17')],
  ])('takes an inline policy with %s', async (_, PolicyDocument) => {
    const input = { RoleName: 'relay', PolicyName: 'p', PolicyDocument };
    await expect(call('iam', 'PutRolePolicy', input)).resolves.toEqual({});
  });

  it('wants managed policies to be of the current version', async () => {
    const create = (text: string) => call('iam', 'CreatePolicy', { PolicyName: 'p', PolicyDocument: text });
    const refusal = {
      queryCode: 'MalformedPolicyDocument',
      message: 'Policy document must be version 2012-10-17 or greater.',
    };
    await expect(create(document(allow, '2008-10-17'))).rejects.toMatchObject(refusal);
    await expect(create(JSON.stringify({ Statement: allow }))).rejects.toMatchObject(refusal);
    const { Policy } = await create(document(allow));
    const version = { PolicyArn: Policy?.Arn, PolicyDocument: document(allow, '2008-10-17') };
    await expect(call('iam', 'CreatePolicyVersion', version)).rejects.toMatchObject(refusal);
  });

  it.each([
    [
      'a role nobody has',
      { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/none` } },
      `Invalid principal in policy: "AWS":"arn:aws:iam::${ACCOUNT}:role/none"`,
    ],
    [
      'a user, as there are none',
      { Principal: { AWS: [ACCOUNT, `arn:aws:iam::${ACCOUNT}:user/u`] } },
      `Invalid principal in policy: "AWS":"arn:aws:iam::${ACCOUNT}:user/u"`,
    ],
    [
      'an account of eleven digits',
      { Principal: { AWS: '00000000000' } },
      'Invalid principal in policy: "AWS":"00000000000"',
    ],
    ['a service that is none', { Principal: { Service: 'lambda' } }, 'Invalid principal in policy: "SERVICE":"lambda"'],
    [
      'all but some',
      { Principal: undefined, NotPrincipal: { AWS: ACCOUNT }, Effect: 'Deny' },
      'Has prohibited field NotPrincipal',
    ],
    ['nobody', { Principal: {} }, 'Invalid principal in policy: {}'],
    [
      'another service’s action',
      { Action: ['sts:AssumeRole', 'sqs:SendMessage'] },
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    ['a resource', { Resource: '*' }, 'Has prohibited field Resource'],
    [
      'a Sid of other signs',
      { Sid: 'a-b' },
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    ],
  ])('refuses a role that trusts %s', async (_, statement, message) => {
    const refusal = { queryCode: 'MalformedPolicyDocument', message };
    await expect(createRole(trust(statement))).rejects.toMatchObject(refusal);
    const update = { RoleName: 'relay', PolicyDocument: trust(statement) };
    await expect(call('iam', 'UpdateAssumeRolePolicy', update)).rejects.toMatchObject(refusal);
  });

  it.each([
    ['its account', { AWS: ACCOUNT }],
    ['a role there is', { AWS: `arn:aws:iam::${ACCOUNT}:role/relay` }],
    ['a session', { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/relay/s` }],
    ['everybody', '*'],
    ['two services', { Service: ['lambda.amazonaws.com', 'logs.us-east-1.amazonaws.com'] }],
  ])('takes a role that trusts %s', async (_, Principal) => {
    const PolicyDocument = trust({ Principal, Action: ['sts:AssumeRole', 'sts:TagSession'] });
    await expect(call('iam', 'UpdateAssumeRolePolicy', { RoleName: 'relay', PolicyDocument })).resolves.toEqual({});
  });
});
