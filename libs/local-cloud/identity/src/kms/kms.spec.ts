import { callerVia, SqliteStore } from '@outbox/local-cloud-kernel';
import { specCloud } from '../testing/spec-cloud';

const ACCOUNT = '000000000000';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/reader`;
const DAY_MS = 86_400_000;
const text = (value: string) => new TextEncoder().encode(value);

describe('KMS', () => {
  const store = new SqliteStore(':memory:');
  let cloud = specCloud(store);
  const describeKey = async (KeyId: string, caller = cloud.admin) =>
    (await cloud.call('kms', 'DescribeKey', { KeyId }, caller)).KeyMetadata;
  const createKey = async (Policy?: object) => {
    const input = { Description: 'mine', ...(Policy ? { Policy: JSON.stringify(Policy) } : {}) };
    return (await cloud.call('kms', 'CreateKey', input)).KeyMetadata?.Arn ?? '';
  };
  const policy = (...more: object[]) => ({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
      ...more,
    ],
  });
  const service = (name: string, sourceArn = 'arn:aws:x:::y') =>
    cloud.identity.servicePrincipal(name, ACCOUNT, sourceArn);
  const dataKey = (KeyId: string, caller = cloud.admin, EncryptionContext = {}) =>
    cloud.call('kms', 'GenerateDataKey', { KeyId, KeySpec: 'AES_256', EncryptionContext }, caller);

  beforeAll(async () => {
    const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    await cloud.call('iam', 'CreateRole', {
      RoleName: 'reader',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    });
  });

  const reader = () => cloud.identity.assumeRole(ROLE, 'lambda.amazonaws.com', 'fn').caller;
  const grantRole = (Statement: object[]) =>
    cloud.call('iam', 'PutRolePolicy', {
      RoleName: 'reader',
      PolicyName: 'p',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    });

  describe('keys of AWS', () => {
    it('are one per service and account, whatever they are named by', async () => {
      const key = await describeKey('alias/aws/dynamodb');

      expect(key).toMatchObject({ KeyManager: 'AWS', AWSAccountId: ACCOUNT, KeyState: 'Enabled' });
      expect(await describeKey(key?.Arn ?? '')).toEqual(key);
      expect(await describeKey('alias/aws/dynamodb')).toEqual(key);
      const other = cloud.identity.resolve('111122223333')?.caller;
      expect((await describeKey('alias/aws/dynamodb', other))?.KeyId).not.toBe(key?.KeyId);
    });

    it('open to principals of the account through their service only, and never to another service', async () => {
      await expect(dataKey('alias/aws/sqs', callerVia(cloud.admin, 'sqs', 'us-east-1'))).resolves.toBeDefined();
      await expect(dataKey('alias/aws/sqs')).rejects.toMatchObject({ code: 'AccessDeniedException' });
      const rule = callerVia(service('events.amazonaws.com'), 'sqs', 'us-east-1');
      await expect(dataKey('alias/aws/sqs', rule)).rejects.toMatchObject({ code: 'AccessDeniedException' });
      expect(await describeKey('alias/aws/dynamodb', service('dynamodb.amazonaws.com'))).toBeDefined();
    });
  });

  it.each([
    ['alias/mine', 'Alias arn:aws:kms:us-east-1:000000000000:alias/mine is not found.'],
    ['mine', "Invalid keyId 'mine'"],
    [
      '11111111-2222-3333-4444-555555555555',
      "Key 'arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555' does not exist",
    ],
  ])('answers a key nobody has with AWS’s error: %s', async (id, message) => {
    await expect(describeKey(id)).rejects.toMatchObject({ code: 'NotFoundException', message });
  });

  describe('who may use a key', () => {
    it('is up to the account’s own policies where the key’s policy names the account', async () => {
      const key = await createKey(policy());
      await grantRole([{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }]);
      await expect(dataKey(key, reader())).rejects.toMatchObject({
        message: expect.stringContaining('because no identity-based policy allows the kms:GenerateDataKey action'),
      });

      const viaSqs = { StringEquals: { 'kms:ViaService': 'sqs.us-east-1.amazonaws.com' } };
      await grantRole([{ Effect: 'Allow', Action: 'kms:GenerateDataKey', Resource: key, Condition: viaSqs }]);
      await expect(dataKey(key, reader())).rejects.toMatchObject({ code: 'AccessDeniedException' });
      await expect(dataKey(key, callerVia(reader(), 'sqs', 'us-east-1'))).resolves.toMatchObject({ KeyId: key });
      expect(cloud.identity.usage()).toContainEqual({ roleArn: ROLE, action: 'kms:GenerateDataKey', resource: key });
    });

    it('is up to the key’s policy alone where that doesn’t name the account', async () => {
      const statement = { Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'kms:Decrypt', Resource: '*' };
      const input = { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) };
      await expect(cloud.call('kms', 'CreateKey', input)).rejects.toMatchObject({
        code: 'MalformedPolicyDocumentException',
        message: 'The new key policy will not allow you to update the key policy in the future.',
      });
      const made = await cloud.call('kms', 'CreateKey', { ...input, BypassPolicyLockoutSafetyCheck: true });
      await grantRole([{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }]);
      const key = made.KeyMetadata?.Arn ?? '';
      await expect(dataKey(key, reader())).rejects.toMatchObject({
        message: expect.stringContaining('because no resource-based policy allows the kms:GenerateDataKey action'),
      });
      await expect(describeKey(key)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    });

    it('can be bound to a source and an encryption context', async () => {
      const key = await createKey(
        policy({
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'kms:GenerateDataKey',
          Resource: '*',
          Condition: {
            StringEquals: { 'aws:SourceAccount': ACCOUNT, 'kms:EncryptionContext:aws:sqs:arn': 'arn:queue' },
            ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/*' },
          },
        }),
      );
      const rule = service('events.amazonaws.com', `arn:aws:events:us-east-1:${ACCOUNT}:rule/r`);
      await expect(dataKey(key, rule, { 'aws:sqs:arn': 'arn:queue' })).resolves.toBeDefined();
      await expect(dataKey(key, rule, { 'aws:sqs:arn': 'arn:other' })).rejects.toThrow('kms:GenerateDataKey');
      const bus = service('events.amazonaws.com', `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/b`);
      await expect(dataKey(key, bus, { 'aws:sqs:arn': 'arn:queue' })).rejects.toThrow('kms:GenerateDataKey');
    });

    it('refuses a policy that names a role nobody has', async () => {
      const principal = { AWS: `arn:aws:iam::${ACCOUNT}:role/nobody` };
      const statement = { Effect: 'Allow', Principal: principal, Action: 'kms:Decrypt', Resource: '*' };
      await expect(createKey(policy(statement))).rejects.toMatchObject({
        message: 'Policy contains a statement with one or more invalid principals.',
      });
    });

    it('can be added to by a grant, for one operation under one context, until it is revoked', async () => {
      const key = await createKey(policy());
      const bound = { 'aws:lambda:FunctionArn': 'arn:fn' };
      await grantRole([{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }]);
      const sealed = await dataKey(key, cloud.admin, bound);
      const open = (EncryptionContext: Record<string, string>) =>
        cloud.call('kms', 'Decrypt', { CiphertextBlob: sealed.CiphertextBlob, EncryptionContext }, reader());
      await expect(open(bound)).rejects.toMatchObject({ code: 'AccessDeniedException' });

      const { GrantId } = await cloud.call('kms', 'CreateGrant', {
        KeyId: key,
        GranteePrincipal: ROLE,
        Operations: ['Decrypt'],
        Constraints: { EncryptionContextEquals: bound },
      });
      await expect(open(bound)).resolves.toMatchObject({ Plaintext: sealed.Plaintext });
      await expect(open({ ...bound, more: 'x' })).rejects.toMatchObject({ code: 'AccessDeniedException' });
      await expect(dataKey(key, reader(), bound)).rejects.toMatchObject({ code: 'AccessDeniedException' });
      expect((await cloud.call('kms', 'ListGrants', { KeyId: key })).Grants).toMatchObject([{ GrantId }]);

      await cloud.call('kms', 'RevokeGrant', { KeyId: key, GrantId });
      await expect(open(bound)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    });
  });

  it('lets another account use a key that is opened to it, but not manage it', async () => {
    const other = cloud.identity.resolve('111122223333')?.caller;
    const open = { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'kms:*', Resource: '*' };
    const key = await createKey(policy(open));
    const TargetKeyId = key;
    await expect(dataKey(key, other)).resolves.toMatchObject({ KeyId: key });
    const denied = { code: 'AccessDeniedException' };
    await expect(cloud.call('kms', 'DisableKey', { KeyId: key }, other)).rejects.toMatchObject(denied);
    const alias = { AliasName: 'alias/theirs', TargetKeyId };
    await expect(cloud.call('kms', 'CreateAlias', alias, other)).rejects.toMatchObject(denied);

    const own = (await cloud.call('kms', 'CreateKey', {}, other)).KeyMetadata?.KeyId;
    await cloud.call('kms', 'CreateAlias', { ...alias, TargetKeyId: own }, other);
    await expect(cloud.call('kms', 'UpdateAlias', alias, other)).rejects.toMatchObject(denied);
  });

  it('makes no second grant for the same request under the same name, only another token', async () => {
    const key = await createKey();
    const input = { KeyId: key, Name: 'n', GranteePrincipal: ROLE, Operations: ['Decrypt', 'Encrypt'] as const };
    const grant = (more: object = {}) =>
      cloud.call('kms', 'CreateGrant', { ...input, Operations: [...input.Operations], ...more });
    const first = await grant();
    const again = await grant();
    expect(again.GrantId).toBe(first.GrantId);
    expect(again.GrantToken).not.toBe(first.GrantToken);
    const constrained = { Constraints: { EncryptionContextSubset: { a: '1' } } };
    const others = [await grant(constrained), await grant({ RetiringPrincipal: ROLE }), await grant({ Name: 'm' })];
    expect(new Set([first, ...others].map(({ GrantId }) => GrantId)).size).toBe(4);
    expect((await grant(constrained)).GrantId).toBe(others[0]?.GrantId);

    await cloud.call('kms', 'RetireGrant', { GrantToken: again.GrantToken });
    const left = (await cloud.call('kms', 'ListGrants', { KeyId: key })).Grants?.map(({ GrantId }) => GrantId);
    expect(left).toEqual(others.map(({ GrantId }) => GrantId));
  });

  it('passes on by a grant no more than the grant itself allows', async () => {
    const key = await createKey(policy());
    await grantRole([{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }]);
    const grant = (Operations: ('CreateGrant' | 'Decrypt' | 'Encrypt')[], caller = cloud.admin) =>
      cloud.call('kms', 'CreateGrant', { KeyId: key, GranteePrincipal: ROLE, Operations }, caller);
    await grant(['CreateGrant', 'Decrypt']);
    await expect(grant(['Decrypt'], reader())).resolves.toBeDefined();
    await expect(grant(['Decrypt', 'Encrypt'], reader())).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });

  it('does not bind DescribeKey to the context a grant is constrained to', async () => {
    const key = await createKey(policy());
    await grantRole([{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }]);
    const Constraints = { EncryptionContextEquals: { a: '1' } };
    const Operations = ['DescribeKey' as const];
    await cloud.call('kms', 'CreateGrant', { KeyId: key, GranteePrincipal: ROLE, Operations, Constraints });
    await expect(describeKey(key, reader())).resolves.toMatchObject({ Arn: key });
  });

  it('encrypts for the same key and context only, and keeps reading after a rotation and a restart', async () => {
    const key = await createKey();
    const other = await createKey();
    await cloud.call('kms', 'EnableKeyRotation', { KeyId: key, RotationPeriodInDays: 90 });
    const seal = async () =>
      (await cloud.call('kms', 'Encrypt', { KeyId: key, Plaintext: text('secret'), EncryptionContext: { a: '1' } }))
        .CiphertextBlob;
    const open = (CiphertextBlob: Uint8Array | undefined, EncryptionContext = { a: '1' }, KeyId?: string) =>
      cloud.call('kms', 'Decrypt', { CiphertextBlob, EncryptionContext, KeyId });
    const before = await seal();
    cloud.clock.advance(91 * DAY_MS);
    const after = await seal();
    const { NextRotationDate } = await cloud.call('kms', 'GetKeyRotationStatus', { KeyId: key });
    expect(NextRotationDate?.getTime()).toBeGreaterThan(cloud.clock.now());

    cloud = specCloud(store);
    for (const sealed of [before, after]) {
      const { Plaintext } = await open(sealed);
      expect(new TextDecoder().decode(Plaintext)).toBe('secret');
    }
    await expect(open(after, { a: '2' })).rejects.toMatchObject({ code: 'InvalidCiphertextException' });
    await expect(open(after, { a: '1' }, other)).rejects.toMatchObject({ code: 'IncorrectKeyException' });
    await expect(open(text('nothing of ours'))).rejects.toMatchObject({ code: 'InvalidCiphertextException' });
    const broken = Uint8Array.from(after ?? []);
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
    await expect(open(broken)).rejects.toMatchObject({ code: 'InvalidCiphertextException' });

    const moved = await cloud.call('kms', 'ReEncrypt', {
      CiphertextBlob: after,
      SourceEncryptionContext: { a: '1' },
      DestinationKeyId: other,
    });
    expect(await cloud.call('kms', 'Decrypt', { CiphertextBlob: moved.CiphertextBlob })).toMatchObject({
      KeyId: other,
    });
  });

  it('refuses the use of a key that is disabled or waits for its deletion, and deletes it in the end', async () => {
    const key = await createKey();
    await cloud.call('kms', 'CreateAlias', { AliasName: 'alias/doomed', TargetKeyId: key });
    await cloud.call('kms', 'DisableKey', { KeyId: key });
    await expect(dataKey(key)).rejects.toMatchObject({ code: 'DisabledException', message: `${key} is disabled.` });

    await cloud.call('kms', 'ScheduleKeyDeletion', { KeyId: key, PendingWindowInDays: 7 });
    expect(await describeKey(key)).toMatchObject({ KeyState: 'PendingDeletion', Enabled: false });
    const pending = { code: 'KMSInvalidStateException', message: `${key} is pending deletion.` };
    await expect(dataKey(key)).rejects.toMatchObject(pending);
    await expect(cloud.call('kms', 'EnableKey', { KeyId: key })).rejects.toMatchObject(pending);

    await cloud.call('kms', 'PutKeyPolicy', { KeyId: key, Policy: JSON.stringify(policy()) });

    await cloud.call('kms', 'CancelKeyDeletion', { KeyId: key });
    expect(await describeKey(key)).toMatchObject({ KeyState: 'Disabled' });
    await cloud.call('kms', 'EnableKey', { KeyId: key });
    await expect(dataKey(key)).resolves.toBeDefined();

    await cloud.call('kms', 'ScheduleKeyDeletion', { KeyId: key, PendingWindowInDays: 7 });
    cloud.clock.advance(7 * DAY_MS);
    await expect(describeKey(key)).rejects.toMatchObject({ code: 'NotFoundException' });
    await expect(describeKey('alias/doomed')).rejects.toMatchObject({ code: 'NotFoundException' });
  });

  it('points an alias at one key, then at another', async () => {
    const [first, second] = [await createKey(), await createKey()];
    const alias = { AliasName: 'alias/orders' };
    await cloud.call('kms', 'CreateAlias', { ...alias, TargetKeyId: first });
    await expect(cloud.call('kms', 'CreateAlias', { ...alias, TargetKeyId: second })).rejects.toMatchObject({
      code: 'AlreadyExistsException',
    });
    expect((await describeKey('alias/orders'))?.Arn).toBe(first);
    await cloud.call('kms', 'UpdateAlias', { ...alias, TargetKeyId: second });
    expect((await describeKey('alias/orders'))?.Arn).toBe(second);
    expect((await cloud.call('kms', 'ListAliases', { KeyId: second })).Aliases).toMatchObject([alias]);
    await cloud.call('kms', 'DeleteAlias', alias);
    await expect(describeKey('alias/orders')).rejects.toMatchObject({ code: 'NotFoundException' });
    await expect(
      cloud.call('kms', 'CreateAlias', { AliasName: 'alias/aws/mine', TargetKeyId: first }),
    ).rejects.toMatchObject({ code: 'NotAuthorizedException' });
  });
});
