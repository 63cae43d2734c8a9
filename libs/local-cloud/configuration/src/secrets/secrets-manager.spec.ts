import type { InputOf } from '@outbox/local-cloud-kernel';
import { specEngine } from '../testing/spec-engine';

const DAY_MS = 86_400_000;
const ARN = /^arn:aws:secretsmanager:us-east-1:000000000000:secret:db-[A-Za-z0-9]{6}$/;
const TOKEN = '00000000-0000-4000-8000-00000000000';

describe('Secrets Manager', () => {
  let cloud: ReturnType<typeof specEngine>;
  beforeEach(() => (cloud = specEngine()));
  afterEach(() => cloud.clock.stop());

  const create = (Name: string, SecretString?: string, more: object = {}) =>
    cloud.call('secretsmanager', 'CreateSecret', { Name, SecretString, ...more });
  const value = (SecretId: string, more: object = {}) =>
    cloud.call('secretsmanager', 'GetSecretValue', { SecretId, ...more });
  const put = (SecretId: string, more: Partial<InputOf<'secretsmanager', 'PutSecretValue'>>) =>
    cloud.call('secretsmanager', 'PutSecretValue', { SecretId, ...more });
  const describe_ = (SecretId: string) => cloud.call('secretsmanager', 'DescribeSecret', { SecretId });

  it('keeps a secret, which is found by its name, its ARN and the beginning of that', async () => {
    const { ARN: arn = '', VersionId } = await create('db', 'one');
    expect(arn).toMatch(ARN);
    for (const id of ['db', arn, arn.slice(0, -7)]) {
      expect(await value(id)).toMatchObject({ SecretString: 'one', VersionId, VersionStages: ['AWSCURRENT'] });
    }
    await expect(value(`${arn.slice(0, -6)}zzzzzz`)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    expect(cloud.asked.at(-1)?.requirement).toMatchObject({ action: 'secretsmanager:GetSecretValue' });
    const binary = new Uint8Array([0, 255, 7]);
    await cloud.call('secretsmanager', 'CreateSecret', { Name: 'bytes', SecretBinary: binary });
    expect((await value('bytes')).SecretBinary).toEqual(binary);
  });

  it('moves AWSCURRENT to a new value and AWSPREVIOUS to the one before; a repeated request makes none', async () => {
    const { VersionId: first } = await create('db', 'one');
    await put('db', { SecretString: 'two', ClientRequestToken: `${TOKEN}2` });
    await put('db', { SecretString: 'two', ClientRequestToken: `${TOKEN}2` });
    expect(await value('db')).toMatchObject({ SecretString: 'two', VersionId: `${TOKEN}2` });
    expect(await value('db', { VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'one', VersionId: first });
    await expect(put('db', { SecretString: 'other', ClientRequestToken: `${TOKEN}2` })).rejects.toMatchObject({
      code: 'ResourceExistsException',
    });
    await put('db', { SecretString: 'three', VersionStages: ['AWSPENDING'], ClientRequestToken: `${TOKEN}3` });
    expect(await value('db')).toMatchObject({ SecretString: 'two' });
    await cloud.call('secretsmanager', 'UpdateSecretVersionStage', {
      SecretId: 'db',
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: `${TOKEN}3`,
      RemoveFromVersionId: `${TOKEN}2`,
    });
    expect((await describe_('db')).VersionIdsToStages).toEqual({
      [`${TOKEN}2`]: ['AWSPREVIOUS'],
      [`${TOKEN}3`]: ['AWSPENDING', 'AWSCURRENT'],
    });
    const all = await cloud.call('secretsmanager', 'ListSecretVersionIds', { SecretId: 'db', IncludeDeprecated: true });
    expect(all.Versions?.map(({ VersionId, VersionStages }) => [VersionId, VersionStages?.length])).toEqual([
      [first, 0],
      [`${TOKEN}2`, 1],
      [`${TOKEN}3`, 2],
    ]);
    await expect(
      cloud.call('secretsmanager', 'UpdateSecretVersionStage', {
        SecretId: 'db',
        VersionStage: 'AWSCURRENT',
        RemoveFromVersionId: `${TOKEN}3`,
      }),
    ).rejects.toThrow("It can't be completely removed.");
  });

  it('deletes after the recovery window, until whose end the secret can be taken back', async () => {
    await create('db', 'one');
    const remove = (more: object = {}) => cloud.call('secretsmanager', 'DeleteSecret', { SecretId: 'db', ...more });
    await expect(remove({ RecoveryWindowInDays: 6 })).rejects.toThrow('between 7 and 30 days');
    const { DeletionDate } = await remove({ RecoveryWindowInDays: 7 });
    expect(DeletionDate?.getTime()).toBe(cloud.clock.now() + 7 * DAY_MS);
    expect((await describe_('db')).DeletedDate).toBeInstanceOf(Date);
    await expect(value('db')).rejects.toMatchObject({ code: 'InvalidRequestException' });
    await expect(create('db', 'two')).rejects.toThrow('already scheduled for deletion');
    expect((await cloud.call('secretsmanager', 'ListSecrets', {})).SecretList).toEqual([]);
    await cloud.call('secretsmanager', 'RestoreSecret', { SecretId: 'db' });
    expect(await value('db')).toMatchObject({ SecretString: 'one' });

    await remove();
    cloud.clock.advance(29 * DAY_MS);
    expect(await describe_('db')).toMatchObject({ Name: 'db' });
    cloud.clock.advance(DAY_MS);
    await expect(describe_('db')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await create('db', 'anew');
    await remove({ ForceDeleteWithoutRecovery: true });
    await create('db', 'once more');
  });

  it('keeps values under a customer’s key, which readers need, too', async () => {
    await create('db', 'one', { KmsKeyId: 'alias/shop' });
    expect(cloud.asked.map(({ requirement: { action } }) => action)).toEqual([
      'secretsmanager:CreateSecret',
      'kms:GenerateDataKey',
      'kms:Decrypt',
    ]);
    cloud.asked.length = 0;
    await value('db');
    expect(cloud.asked.map(({ requirement: { action } }) => action)).toEqual([
      'secretsmanager:GetSecretValue',
      'kms:Decrypt',
    ]);
    const { Versions } = await cloud.call('secretsmanager', 'ListSecretVersionIds', { SecretId: 'db' });
    expect(Versions?.[0]?.KmsKeyIds).toEqual(['alias/shop']);
    await expect(create('off', 'x', { KmsKeyId: 'disabled' })).rejects.toMatchObject({ code: 'EncryptionFailure' });
    // Back to AWS's own key, which is asked for by nobody.
    await cloud.call('secretsmanager', 'UpdateSecret', { SecretId: 'db', KmsKeyId: '', SecretString: 'two' });
    cloud.asked.length = 0;
    await value('db');
    expect(cloud.asked.map(({ requirement: { action } }) => action)).toEqual(['secretsmanager:GetSecretValue']);
  });

  it('has policies, under which every call of the secret is looked at', async () => {
    await create('db', 'one');
    const allow = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
    };
    const ResourcePolicy = JSON.stringify(allow);
    const set = (more: object = {}) =>
      cloud.call('secretsmanager', 'PutResourcePolicy', { SecretId: 'db', ResourcePolicy, ...more });
    await expect(set({ BlockPublicPolicy: true })).rejects.toMatchObject({ code: 'PublicPolicyException' });
    await expect(set({ ResourcePolicy: 'none' })).rejects.toMatchObject({ code: 'MalformedPolicyDocumentException' });
    await set();
    await value('db');
    expect(cloud.asked.at(-1)?.requirement).toMatchObject({ resourcePolicy: ResourcePolicy });
    const valid = await cloud.call('secretsmanager', 'ValidateResourcePolicy', { ResourcePolicy });
    expect([valid.PolicyValidationPassed, valid.ValidationErrors?.[0]?.CheckName]).toEqual([false, 'PUBLIC']);
    await cloud.call('secretsmanager', 'DeleteResourcePolicy', { SecretId: 'db' });
    expect(await cloud.call('secretsmanager', 'GetResourcePolicy', { SecretId: 'db' })).toMatchObject({
      ResourcePolicy: undefined,
    });
  });

  it('lists secrets by filters, and reads several of them', async () => {
    await create('shop/db', '1', { Tags: [{ Key: 'team', Value: 'Orders' }], Description: 'Main database' });
    await create('shop/mail', '2');
    await create('other', '3');
    const found = async (...Filters: { Key: 'name' | 'description' | 'all' | 'tag-key'; Values: string[] }[]) =>
      (await cloud.call('secretsmanager', 'ListSecrets', { Filters })).SecretList?.map(({ Name }) => Name);
    expect(await found({ Key: 'name', Values: ['shop/'] })).toEqual(['shop/db', 'shop/mail']);
    expect(await found({ Key: 'name', Values: ['!shop/'] })).toEqual(['other']);
    expect(await found({ Key: 'description', Values: ['database'] })).toEqual(['shop/db']);
    expect(await found({ Key: 'all', Values: ['orders'] })).toEqual(['shop/db']);
    expect(await found({ Key: 'tag-key', Values: ['team'] })).toEqual(['shop/db']);
    const batch = await cloud.call('secretsmanager', 'BatchGetSecretValue', { SecretIdList: ['other', 'nowhere'] });
    expect(batch.SecretValues?.map(({ SecretString }) => SecretString)).toEqual(['3']);
    expect(batch.Errors).toMatchObject([{ SecretId: 'nowhere', ErrorCode: 'ResourceNotFoundException' }]);
    await cloud.call('secretsmanager', 'TagResource', { SecretId: 'other', Tags: [{ Key: 'a', Value: '1' }] });
    await cloud.call('secretsmanager', 'UntagResource', { SecretId: 'shop/db', TagKeys: ['team'] });
    expect(await found({ Key: 'tag-key', Values: ['team', 'a'] })).toEqual(['other']);
  });

  it('makes passwords of the kinds of letters that are asked for', async () => {
    const password = async (input: InputOf<'secretsmanager', 'GetRandomPassword'>) =>
      (await cloud.call('secretsmanager', 'GetRandomPassword', input)).RandomPassword;
    expect(await password({})).toHaveLength(32);
    expect(await password({ PasswordLength: 4 })).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^\w]|.*_).{4}$/);
    expect(await password({ ExcludePunctuation: true, ExcludeCharacters: '0O1lI' })).toMatch(/^[A-Za-z2-9]{32}$/);
    await expect(password({ PasswordLength: 3 })).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });

  it.each<[string, object, string]>([
    ['two values', { SecretString: 'a', SecretBinary: new Uint8Array([1]) }, 'InvalidParameterException'],
    ['a short token', { ClientRequestToken: 'x' }, 'InvalidParameterException'],
    ['a name with a space', { Name: 'a b' }, 'ValidationException'],
    ['too long a value', { SecretString: 'x'.repeat(65_537) }, 'InvalidParameterException'],
    ['replicas', { AddReplicaRegions: [{ Region: 'eu-west-1' }] }, 'UnsupportedOperation'],
    ['a name that is taken', { Name: 'taken' }, 'ResourceExistsException'],
  ])('refuses %s', async (_, more, code) => {
    await create('taken');
    await expect(create('db', undefined, more)).rejects.toMatchObject({ code });
  });

  it('has no value until one is put', async () => {
    await create('empty');
    await expect(value('empty')).rejects.toThrow("can't find the specified secret value for staging label: AWSCURRENT");
    await put('empty', { SecretString: 'first', VersionStages: ['mine'] });
    expect(await value('empty')).toMatchObject({ VersionStages: ['mine', 'AWSCURRENT'] });
  });
});
