import type { Caller } from '@outbox/local-cloud-kernel';
import { ACCOUNT, allow, policyOf, readerRole, ROLE } from './testing/reader-role';

/** What a function's role may read, by the whole engine's identity and keys. */
describe('a role that reads parameters and secrets', () => {
  const { identity, call, create, mayDo } = readerRole();
  let reader: Caller | undefined;

  let keyArn = '';
  beforeAll(async () => {
    reader = await create();
    keyArn = (await call('kms', 'CreateKey', {})).KeyMetadata?.Arn ?? '';
  });

  describe('of Parameter Store', () => {
    const PARAMETER = `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/shop`;
    const read = (Name: string) => call('ssm', 'GetParameter', { Name, WithDecryption: true }, reader);
    beforeAll(async () => {
      const secure = { Value: 'x', Type: 'SecureString' } as const;
      await call('ssm', 'PutParameter', { Name: '/shop/own', ...secure });
      await call('ssm', 'PutParameter', { Name: '/shop/keyed', ...secure, KeyId: keyArn });
      const Tags = [{ Key: 'team', Value: 'orders' }];
      await call('ssm', 'PutParameter', { Name: '/other', Value: 'x', Type: 'String', Tags });
    });

    it('needs the action on its path', async () => {
      await mayDo(allow('ssm:GetParameter', `${PARAMETER}/*`));
      expect((await read('/shop/own')).Parameter?.Value).toBe('x');
      await expect(read('/other')).rejects.toThrow(
        `is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/other because no identity-based policy allows`,
      );
    });

    it('needs the key of a SecureString, which its policies may bind to SSM', async () => {
      const parameters = allow('ssm:GetParameter', `${PARAMETER}/*`);
      await mayDo(parameters);
      await expect(read('/shop/keyed')).rejects.toMatchObject({ code: 'AccessDeniedException' });
      const via = (service: string) => ({ StringEquals: { 'kms:ViaService': `${service}.us-east-1.amazonaws.com` } });
      await mayDo(parameters, allow('kms:Decrypt', keyArn, via('secretsmanager')));
      await expect(read('/shop/keyed')).rejects.toMatchObject({ code: 'AccessDeniedException' });
      await mayDo(parameters, allow('kms:Decrypt', keyArn, via('ssm')));
      expect((await read('/shop/keyed')).Parameter?.Value).toBe('x');
    });

    it('may be let in by tags', async () => {
      await mayDo(allow('ssm:GetParameter', '*', { StringEquals: { 'aws:ResourceTag/team': 'orders' } }));
      expect((await read('/other')).Parameter?.Value).toBe('x');
      await expect(read('/shop/own')).rejects.toMatchObject({ code: 'AccessDeniedException' });
    });
  });

  describe('of Secrets Manager', () => {
    const read = (SecretId: string) => call('secretsmanager', 'GetSecretValue', { SecretId }, reader);
    beforeAll(async () => {
      await call('secretsmanager', 'CreateSecret', { Name: 'shop/db', SecretString: 'x' });
      await call('secretsmanager', 'CreateSecret', { Name: 'shop/keyed', SecretString: 'x', KmsKeyId: keyArn });
    });

    it('needs the action on the secret, by its role or by the secret’s policy', async () => {
      await mayDo(allow('sqs:SendMessage', '*'));
      await expect(read('shop/db')).rejects.toMatchObject({ code: 'AccessDeniedException' });
      await mayDo(
        allow('secretsmanager:GetSecretValue', `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:shop/db-??????`),
      );
      expect((await read('shop/db')).SecretString).toBe('x');
      const deny = { Effect: 'Deny', Principal: { AWS: ROLE }, Action: '*', Resource: '*' };
      await call('secretsmanager', 'PutResourcePolicy', { SecretId: 'shop/db', ResourcePolicy: policyOf(deny) });
      await expect(read('shop/db')).rejects.toThrow('with an explicit deny in a resource-based policy');
      await mayDo(allow('sqs:SendMessage', '*'));
      const allowed = { ...deny, Effect: 'Allow' };
      await call('secretsmanager', 'PutResourcePolicy', { SecretId: 'shop/db', ResourcePolicy: policyOf(allowed) });
      expect((await read('shop/db')).SecretString).toBe('x');
    });

    it('needs more than AWSCURRENT for a version that is asked for by its id', async () => {
      const { VersionId } = await call('secretsmanager', 'CreateSecret', { Name: 'shop/old', SecretString: 'old' });
      await call('secretsmanager', 'PutSecretValue', { SecretId: 'shop/old', SecretString: 'new' });
      const current = { StringEquals: { 'secretsmanager:VersionStage': 'AWSCURRENT' } };
      await mayDo(allow('secretsmanager:GetSecretValue', '*', current));
      expect((await read('shop/old')).SecretString).toBe('new');
      const byId = call('secretsmanager', 'GetSecretValue', { SecretId: 'shop/old', VersionId }, reader);
      await expect(byId).rejects.toMatchObject({ code: 'AccessDeniedException' });
    });

    it('is closed to other accounts under AWS’s own key, whatever its policy says', async () => {
      const stranger = identity.resolve('111111111111')?.caller;
      const policy = (SecretId: string) =>
        call('secretsmanager', 'PutResourcePolicy', {
          SecretId,
          ResourcePolicy: policyOf({
            ...{ Effect: 'Allow', Principal: { AWS: '111111111111' } },
            ...{ Action: 'secretsmanager:GetSecretValue', Resource: '*' },
          }),
        });
      const { ARN: SecretId } = await call('secretsmanager', 'CreateSecret', { Name: 'lent', SecretString: 'x' });
      await policy('lent');
      await expect(call('secretsmanager', 'GetSecretValue', { SecretId }, stranger)).rejects.toMatchObject({
        code: 'InvalidRequestException',
        message:
          "You can't access a secret from a different AWS account if you encrypt the secret with the default KMS service key.",
      });
    });

    it('needs its key', async () => {
      const secrets = allow('secretsmanager:*', '*');
      await mayDo(secrets);
      await expect(read('shop/keyed')).rejects.toMatchObject({
        code: 'AccessDeniedException',
        message: 'Access to KMS is not allowed',
      });
      const ids = { SecretIdList: ['shop/db', 'shop/keyed'] };
      const batch = await call('secretsmanager', 'BatchGetSecretValue', ids, reader);
      expect([batch.SecretValues?.length, batch.Errors?.map(({ SecretId }) => SecretId)]).toEqual([1, ['shop/keyed']]);
      await mayDo(secrets, allow('kms:Decrypt', keyArn));
      expect((await read('shop/keyed')).SecretString).toBe('x');
    });
  });
});
