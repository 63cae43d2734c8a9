import { formatArn, type Arn } from '@outbox/local-cloud-kernel';
import { invalidParameter } from './errors';

/** Which topic is meant, whether it exists or not. */
export interface TopicAddress {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
}

export function topicAddress(accountId: string, region: string, name: string): TopicAddress {
  return { accountId, region, name, arn: formatArn('sns', region, accountId, name) };
}

/** @throws AwsError InvalidParameter when the text is no topic's ARN; `parameter` is how the request calls it. */
export function topicFromArn(text: string | undefined, parameter = 'TopicArn'): TopicAddress {
  const { region, accountId, resource } = snsArn(text, parameter);
  if (!/^[\w-]{1,256}(\.fifo)?$/.test(resource)) throw invalidParameter(parameter);
  return topicAddress(accountId, region, resource);
}

/** The topic of a subscription by the subscription's ARN. @throws AwsError InvalidParameter when it is none. */
export function topicOfSubscription(text: string | undefined): TopicAddress {
  const { region, accountId, resource } = snsArn(text, 'SubscriptionArn');
  const [name = '', id, ...more] = resource.split(':');
  if (!/^[\w-]{1,256}(\.fifo)?$/.test(name) || !id || more.length > 0) throw invalidParameter('SubscriptionArn');
  return topicAddress(accountId, region, name);
}

function snsArn(text: string | undefined, parameter: string): Pick<Arn, 'region' | 'accountId' | 'resource'> {
  const parts = (text ?? '').split(':');
  if (parts.length < 6) {
    throw invalidParameter(parameter, `An ARN must have at least 6 elements, not ${parts.length}`);
  }
  const [prefix, partition, service, region = '', accountId = '', ...resource] = parts;
  const isSns = prefix === 'arn' && partition === 'aws' && service === 'sns' && /^[a-z\d-]+$/.test(region);
  if (!isSns || !/^\d{12}$/.test(accountId)) throw invalidParameter(parameter);
  return { region, accountId, resource: resource.join(':') };
}
