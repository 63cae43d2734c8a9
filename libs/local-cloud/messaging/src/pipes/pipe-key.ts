import { AwsError } from '@outbox/local-cloud-kernel';
import { ServiceKeys } from '@outbox/local-cloud-keys';
import type { DeliveryTools } from './pipe-reading';

/**
 * A pipe's customer key, which encrypts its patterns and templates. Its role uses it: `kms:DescribeKey`,
 * `kms:GenerateDataKey` and `kms:Decrypt`, the encryption context being the pipe's ARN. Asked for before a pipe runs.
 * Source: EventBridge user guide, "Encrypting EventBridge Pipes data with AWS KMS keys".
 * @throws AwsError as KMS answers, where the role may not use the key or nobody may
 */
export async function checkPipeKey({
  pipe,
  role,
  engine,
}: Pick<DeliveryTools, 'pipe' | 'role' | 'engine'>): Promise<void> {
  if (!pipe.kmsKey) return;
  const keys = new ServiceKeys(engine, 'pipes');
  const user = role.as();
  try {
    const arn = await keys.arnOf(pipe.kmsKey, user);
    await keys.open(await keys.seal(arn, { 'aws:pipes:arn': pipe.arn }, user), user);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError('ValidationException', `Cannot use KMS key ${pipe.kmsKey}. ${error.message}`, { cause: error });
  }
}
