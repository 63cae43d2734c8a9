import type { Engine } from '@outbox/local-cloud-kernel';
import { ServiceKeys, type KeyUser, type SealedKey } from '@outbox/local-cloud-keys';
import { kmsError } from './errors';
import type { StoredMessage } from './message';
import type { StoredQueue } from './queue-store';

/**
 * The KMS keys of queues. A sender needs `kms:GenerateDataKey` and `kms:Decrypt` (SQS verifies the data key), a receiver
 * `kms:Decrypt`; a service principal needs them by the key's policy, which is why `alias/aws/sqs` refuses EventBridge.
 * SQS uses a data key again for `KmsDataKeyReusePeriodSeconds`; here each call asks, so that a change counts at once.
 * Source: SQS developer guide, "Key management".
 */
export class QueueKeys {
  readonly #keys: ServiceKeys;

  constructor(engine: Pick<Engine, 'calls'>) {
    this.#keys = new ServiceKeys(engine, 'sqs');
  }

  /** What the messages of one call are encrypted with; undefined for a queue under SSE-SQS. @throws AwsError Kms… */
  async seal(queue: StoredQueue, user: KeyUser): Promise<SealedKey | undefined> {
    const keyId = queue.attributes['KmsMasterKeyId'];
    if (keyId === undefined) return undefined;
    try {
      const key = await this.#keys.seal(keyId, { 'aws:sqs:arn': queue.arn }, user);
      await this.#keys.open(key, user);
      return key;
    } catch (error) {
      throw kmsError(error);
    }
  }

  /**
   * Opens the keys of what `next` is about to take, until nothing else is: others may take meanwhile.
   * @throws AwsError Kms…
   */
  async open(next: () => readonly StoredMessage[], user: KeyUser): Promise<void> {
    const opened = new Set<string>();
    for (;;) {
      const key = next().find((message) => message.key && !opened.has(message.key.sealed))?.key;
      if (!key) return;
      try {
        await this.#keys.open(key, user);
      } catch (error) {
        throw kmsError(error);
      }
      opened.add(key.sealed);
    }
  }
}
