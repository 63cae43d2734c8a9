import type { Engine, Service } from '@outbox/local-cloud-kernel';
import { createOperations } from './create-operations';
import { deleteOperations } from './delete-operations';
import { describeOperations } from './describe-operations';
import { policyOperations } from './policy-operations';
import { randomPassword } from './random-password';
import { readOperations } from './read-operations';
import { Secrets } from './secrets';
import { stageOperations } from './stage-operations';
import { tagOperations } from './tag-operations';

export type SecretOperations = Service<'secretsmanager'>['operations'];

/** Secrets Manager: secrets with versions and stages, policies, and a while to take a deletion back. No rotation, no replicas. */
export function secretsManager(
  engine: Pick<Engine, 'calls' | 'clock' | 'ids' | 'identity' | 'store'>,
): Service<'secretsmanager'> {
  const secrets = new Secrets(engine);
  return {
    name: 'secretsmanager',
    operations: {
      ...createOperations(engine, secrets),
      ...readOperations(engine, secrets),
      ...describeOperations(secrets),
      ...deleteOperations(engine, secrets),
      ...stageOperations(secrets),
      ...policyOperations(engine, secrets),
      ...tagOperations(secrets),
      ...randomPassword(engine),
    },
  };
}
