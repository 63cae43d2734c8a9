import { AwsError, type Engine } from '@outbox/local-cloud-kernel';
import { ServiceKeys, type KeyUser, type SealedKey } from '@outbox/local-cloud-keys';
import type { Schedule } from './schedule-store';

/**
 * The customer's key of a schedule, which encrypts its target's input. Whoever sets the schedule needs
 * `kms:DescribeKey` and `kms:GenerateDataKey`; the execution role `kms:Decrypt` at each invocation.
 * Source: EventBridge Scheduler user guide, "Encryption at rest".
 */
export class ScheduleKeys {
  readonly #keys: ServiceKeys;

  constructor(engine: Pick<Engine, 'calls'>) {
    this.#keys = new ServiceKeys(engine, 'scheduler');
  }

  /** @throws AwsError ValidationException for a key that can't be used */
  async seal(schedule: Schedule, user: KeyUser): Promise<SealedKey | undefined> {
    const keyArn = schedule.settings.KmsKeyArn;
    if (!keyArn) return undefined;
    try {
      const arn = await this.#keys.arnOf(keyArn, user);
      return await this.#keys.seal(arn, { 'aws:scheduler:schedule:arn': schedule.arn }, user);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new AwsError('ValidationException', `The KMS key ${keyArn} can't be used: ${error.message}`, {
        cause: error,
      });
    }
  }

  /** @throws AwsError as KMS answers */
  async open(schedule: Schedule, user: KeyUser): Promise<void> {
    if (schedule.key) await this.#keys.open(schedule.key, user);
  }
}
