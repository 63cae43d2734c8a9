import { AwsError, type Engine } from '@outbox/local-cloud-kernel';
import { ServiceKeys, type KeyUser, type SealedKey } from '@outbox/local-cloud-keys';
import { invalidParameter } from './errors';
import type { BusAddress } from './names';

/** What a bus or archive has of the customer's key it is under. */
export interface BusKey {
  /** As it was given: id, ARN or alias. */
  readonly identifier: string;
  readonly dataKey: SealedKey;
}

/**
 * Customers' keys of buses and archives. EventBridge itself uses them, so the key's policy must let
 * events.amazonaws.com do `kms:DescribeKey`, `kms:GenerateDataKey` and `kms:Decrypt`; the encryption context is the
 * bus's ARN, an archive's too. Source: EventBridge user guide, "Encrypting EventBridge event buses" and "archives".
 */
export class BusKeys {
  readonly #keys: ServiceKeys;

  constructor(private readonly engine: Pick<Engine, 'calls' | 'identity'>) {
    this.#keys = new ServiceKeys(engine, 'events');
  }

  /**
   * The key a request sets: undefined keeps `current`, an empty text takes it away.
   * @throws AwsError ValidationException for a key EventBridge can't use
   */
  async changed(
    identifier: string | undefined,
    bus: BusAddress,
    current: BusKey | undefined,
    sourceArn = bus.arn,
  ): Promise<BusKey | undefined> {
    if (identifier === undefined) return current;
    if (identifier === '') return undefined;
    const user = this.#user(bus, sourceArn);
    try {
      const arn = await this.#keys.arnOf(identifier, user);
      const dataKey = await this.#keys.seal(arn, { 'aws:events:event-bus:arn': bus.arn }, user);
      return { identifier, dataKey };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw invalidParameter('KmsKeyIdentifier', error.message);
    }
  }

  /** @throws AwsError as KMS answers, where EventBridge may not use the key, or nobody may */
  async open(key: BusKey | undefined, bus: BusAddress): Promise<void> {
    if (key) await this.#keys.open(key.dataKey, this.#user(bus, bus.arn));
  }

  #user(bus: BusAddress, sourceArn: string): KeyUser {
    const caller = this.engine.identity.servicePrincipal('events.amazonaws.com', bus.accountId, sourceArn);
    return { caller, region: bus.region };
  }
}
