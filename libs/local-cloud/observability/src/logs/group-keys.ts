import { AwsError, type Engine } from '@outbox/local-cloud-kernel';
import { ServiceKeys, type KeyUser } from '@outbox/local-cloud-keys';
import { invalidParameter } from './errors';
import { groupArn, type Place } from './model';

/**
 * Customers' keys of log groups. The key's policy must let the service itself, `logs.<region>.amazonaws.com`, use it
 * for the group: the encryption context `aws:logs:arn` is the group's ARN. It is tried when the key is associated.
 * Source: CloudWatch Logs user guide, "Encrypt log data in CloudWatch Logs using AWS KMS".
 */
export class GroupKeys {
  readonly #keys: ServiceKeys;

  constructor(private readonly engine: Pick<Engine, 'calls' | 'identity'>) {
    this.#keys = new ServiceKeys(engine, 'logs');
  }

  /** @throws AwsError InvalidParameterException for a key that is unknown, disabled, or not open to the service */
  async check(keyArn: string, group: string, place: Place): Promise<void> {
    if (!/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/.+$/.test(keyArn)) {
      throw invalidParameter(`Invalid KMS key ARN: ${keyArn}`);
    }
    const arn = groupArn(place, group);
    const principal = `logs.${place.region}.amazonaws.com`;
    const caller = this.engine.identity.servicePrincipal(principal, place.accountId, arn);
    const user: KeyUser = { caller, region: place.region };
    try {
      const key = await this.#keys.seal(keyArn, { 'aws:logs:arn': arn }, user);
      await this.#keys.open(key, user);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw invalidParameter(`The specified KMS key does not exist or is not allowed to be used with Arn '${arn}'`);
    }
  }
}
