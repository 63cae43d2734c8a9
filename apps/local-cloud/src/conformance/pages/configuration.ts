import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import type { Clients } from '../cloud';
import { each, five, type PageCase } from './page-case';

/** SSM's parameters and Secrets Manager: a `NextToken` in each of their lists. */
export const configurationPages: readonly PageCase[] = [
  {
    service: 'ssm',
    operation: 'GetParametersByPath',
    make: async (clients) => (await each(five, (name) => putParameter(clients, `/p/${name}`)), { Path: '/p' }),
    list: 'Parameters',
    name: 'Name',
    expected: five,
  },
  {
    service: 'ssm',
    operation: 'DescribeParameters',
    make: async (clients) => (await each(five, (name) => putParameter(clients, name)), {}),
    list: 'Parameters',
    name: 'Name',
    expected: five,
  },
  {
    service: 'ssm',
    operation: 'GetParameterHistory',
    make: async (clients) => (await each(five, (value) => putParameter(clients, 'p', value)), { Name: 'p' }),
    list: 'Parameters',
    name: 'Value',
    expected: five,
  },
  {
    service: 'secretsmanager',
    operation: 'ListSecrets',
    make: async (clients) => (await each(five, (Name) => createSecret(clients, Name)), {}),
    list: 'SecretList',
    name: 'Name',
    expected: five,
  },
  {
    service: 'secretsmanager',
    operation: 'ListSecretVersionIds',
    make: async (clients) => {
      await createSecret(clients, 's');
      await each(five, (stage) =>
        clients.secretsmanager.send(
          new PutSecretValueCommand({ SecretId: 's', SecretString: stage, VersionStages: [stage] }),
        ),
      );
      return { SecretId: 's', IncludeDeprecated: true };
    },
    list: 'Versions',
    name: 'VersionId',
    expected: 5,
  },
  {
    service: 'secretsmanager',
    operation: 'BatchGetSecretValue',
    make: async (clients) => (await each(five, (Name) => createSecret(clients, Name)), { SecretIdList: five }),
    list: 'SecretValues',
    name: 'Name',
    expected: five,
  },
];

function putParameter({ ssm }: Clients, Name: string, Value = 'x') {
  return ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
}

function createSecret({ secretsmanager }: Clients, Name: string) {
  const SecretString = Name === 's' ? undefined : 'x';
  return secretsmanager.send(new CreateSecretCommand({ Name, SecretString }));
}
