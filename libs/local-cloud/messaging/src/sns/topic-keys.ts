import type { Engine } from '@outbox/local-cloud-kernel';
import { ServiceKeys, type KeyUser } from '@outbox/local-cloud-keys';
import { kmsError } from './errors';
import type { StoredTopic } from './topic-store';

/**
 * The KMS keys of topics. Whoever publishes needs `kms:GenerateDataKey` and `kms:Decrypt`; a service such as
 * cloudwatch.amazonaws.com has them by the key's policy, which is why `alias/aws/sns` refuses alarms. SNS itself needs
 * nothing to deliver. Source: SNS developer guide, "Managing Amazon SNS encryption keys and costs".
 */
export class TopicKeys {
  readonly #keys: ServiceKeys;

  constructor(engine: Pick<Engine, 'calls'>) {
    this.#keys = new ServiceKeys(engine, 'sns');
  }

  /** @throws AwsError KMS… where the publisher may not use the topic's key, or nobody may */
  async use(topic: StoredTopic, user: KeyUser): Promise<void> {
    const keyId = topic.attributes['KmsMasterKeyId'];
    if (keyId === undefined) return;
    try {
      await this.#keys.open(await this.#keys.seal(keyId, { 'aws:sns:topicArn': topic.arn }, user), user);
    } catch (error) {
      throw kmsError(error);
    }
  }
}
