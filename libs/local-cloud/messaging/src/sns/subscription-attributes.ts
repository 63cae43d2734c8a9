import { unsupported } from '@outbox/local-cloud-kernel';
import { isJsonObject, parseJson } from '@outbox/local-cloud-pattern';
import { isQueueArn } from '../sqs/queue-address';
import { invalidParameter } from './errors';
import { PROTOCOLS, type Protocol, type StoredSubscription } from './topic-store';

/** Attributes of subscriptions that are not run. Source: SNS API reference, SetSubscriptionAttributes. */
const REFUSED = ['DeliveryPolicy', 'ReplayPolicy', 'SubscriptionRoleArn'];
/** Protocols SNS has and the local cloud does not. */
const OTHER_PROTOCOLS = ['http', 'https', 'sms', 'application', 'firehose'];

/** @throws AwsError InvalidParameter for a protocol SNS doesn't know, UnsupportedOperation for one that isn't run */
export function checkProtocol(text: string | undefined): Protocol {
  const protocol = PROTOCOLS.find((known) => known === text);
  if (protocol) return protocol;
  if (text !== undefined && OTHER_PROTOCOLS.includes(text)) {
    throw unsupported('sns', 'Subscribe', `the protocol ${text}`);
  }
  throw invalidParameter(`Amazon SNS does not support this protocol string: ${text ?? ''}`);
}

/**
 * @param accountId whoever subscribes; AWS asks another account to confirm, which isn't run for queues and functions
 * @throws AwsError InvalidParameter for an endpoint that can't be one of the protocol
 */
export function checkEndpoint(protocol: Protocol, endpoint: string | undefined, accountId: string): string {
  const text = endpoint ?? '';
  if (protocol === 'email' || protocol === 'email-json') {
    if (text.length > 320 || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) throw invalidParameter('Email address');
    return text;
  }
  if (protocol === 'sqs' && text.endsWith('.fifo')) {
    throw invalidParameter('Endpoint', 'FIFO SQS Queues can not be subscribed to standard SNS topics');
  }
  const isArn =
    protocol === 'sqs'
      ? isQueueArn(text)
      : /^arn:aws:lambda:[a-z\d-]+:\d{12}:function:[\w-]{1,64}(:[\w$-]{1,128})?$/.test(text);
  if (!isArn) throw invalidParameter(protocol === 'sqs' ? 'SQS endpoint ARN' : 'Lambda endpoint ARN');
  if (text.split(':')[4] !== accountId) {
    throw unsupported('sns', 'Subscribe', 'a queue or function of another account');
  }
  return text;
}

/**
 * The attributes after one is set; undefined, an empty text or `{}` take a policy away.
 * A filter policy is checked when all are set, by `checkFilterPolicy`: it depends on its scope.
 * @throws AwsError in SNS's wording for unknown names and values
 */
export function changeSubscription(
  current: StoredSubscription['attributes'],
  protocol: Protocol,
  name: string | undefined,
  value: string | undefined,
  operation: string,
): StoredSubscription['attributes'] {
  switch (name) {
    case 'RawMessageDelivery':
      if (value !== 'true' && value !== 'false')
        throw invalidParameter('RawMessageDelivery', `invalid value: ${value}`);
      if (value === 'true' && protocol !== 'sqs') {
        throw invalidParameter(`Delivery protocol [${protocol}] does not support raw message delivery.`);
      }
      return { ...current, [name]: value };
    case 'RedrivePolicy': {
      const { RedrivePolicy: _old, ...others } = current;
      return value ? { ...others, RedrivePolicy: checkRedrive(value, protocol) } : others;
    }
    case 'FilterPolicy': {
      const { FilterPolicy: _old, ...others } = current;
      return value && value !== '{}' ? { ...others, FilterPolicy: value } : others;
    }
    case 'FilterPolicyScope':
      if (value !== 'MessageAttributes' && value !== 'MessageBody') {
        throw invalidParameter(
          `FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`,
        );
      }
      return { ...current, [name]: value };
    default:
      if (name !== undefined && REFUSED.includes(name)) throw unsupported('sns', operation, `the attribute ${name}`);
      throw invalidParameter('AttributeName');
  }
}

/** The dead-letter queue of a subscription, if it has one. */
export function deadLetterQueueOf({ attributes }: Pick<StoredSubscription, 'attributes'>): string | undefined {
  const policy = parseJson(attributes['RedrivePolicy'] ?? '{}');
  const arn = isJsonObject(policy) ? policy['deadLetterTargetArn'] : undefined;
  return typeof arn === 'string' ? arn : undefined;
}

function checkRedrive(text: string, protocol: Protocol): string {
  const arn = deadLetterQueueOf({ attributes: { RedrivePolicy: text } });
  if (arn === undefined || !isQueueArn(arn)) throw invalidParameter('RedrivePolicy', 'deadLetterTargetArn is invalid');
  // Mail that can't be delivered is seen by the mail server alone; what it then answers is not known here.
  if (protocol === 'email' || protocol === 'email-json') throw unsupported('sns', 'Subscribe', 'RedrivePolicy of mail');
  return text;
}

/** What GetSubscriptionAttributes answers. */
export function shownSubscription(subscription: StoredSubscription): Record<string, string> {
  const { confirmation } = subscription;
  return {
    SubscriptionArn: subscription.arn,
    TopicArn: subscription.topicArn,
    Owner: subscription.owner,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    SubscriptionPrincipal: subscription.principal,
    PendingConfirmation: String(confirmation.kind === 'pending'),
    ConfirmationWasAuthenticated: String(confirmation.kind === 'confirmed' && confirmation.authenticated),
    RawMessageDelivery: 'false',
    ...(subscription.attributes['FilterPolicy'] === undefined ? {} : { FilterPolicyScope: 'MessageAttributes' }),
    ...subscription.attributes,
  };
}
