import { rows, type MissingCase } from './missing-case';

/** Parameters and secrets that nobody made. Source: as for all others. */
export function missingConfiguration(document: string): readonly MissingCase[] {
  return [
    ...rows('ssm', 'ParameterNotFound', {
      DeleteParameter: { Name: 'nowhere' },
      GetParameter: { Name: 'nowhere' },
      GetParameterHistory: { Name: 'nowhere' },
      LabelParameterVersion: { Name: 'nowhere', Labels: ['a'] },
      UnlabelParameterVersion: { Name: 'nowhere', ParameterVersion: 1, Labels: ['a'] },
      AddTagsToResource: {
        input: { ResourceType: 'Parameter', ResourceId: 'nowhere', Tags: [{ Key: 'a', Value: 'b' }] },
        error: 'InvalidResourceId',
      },
      ListTagsForResource: {
        input: { ResourceType: 'Parameter', ResourceId: 'nowhere' },
        error: 'InvalidResourceId',
      },
      RemoveTagsFromResource: {
        input: { ResourceType: 'Parameter', ResourceId: 'nowhere', TagKeys: ['a'] },
        error: 'InvalidResourceId',
      },
    }),
    ...rows('secretsmanager', 'ResourceNotFoundException', {
      DeleteResourcePolicy: { SecretId: 'nowhere' },
      DeleteSecret: { SecretId: 'nowhere' },
      DescribeSecret: { SecretId: 'nowhere' },
      GetResourcePolicy: { SecretId: 'nowhere' },
      GetSecretValue: { SecretId: 'nowhere' },
      ListSecretVersionIds: { SecretId: 'nowhere' },
      PutResourcePolicy: { SecretId: 'nowhere', ResourcePolicy: document },
      PutSecretValue: { SecretId: 'nowhere', SecretString: 'a' },
      RestoreSecret: { SecretId: 'nowhere' },
      TagResource: { SecretId: 'nowhere', Tags: [{ Key: 'a', Value: 'b' }] },
      UntagResource: { SecretId: 'nowhere', TagKeys: ['a'] },
      UpdateSecret: { SecretId: 'nowhere', SecretString: 'a' },
      UpdateSecretVersionStage: { SecretId: 'nowhere', VersionStage: 'a' },
    }),
  ];
}
