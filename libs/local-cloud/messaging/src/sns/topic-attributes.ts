import { unsupported } from '@outbox/local-cloud-kernel';
import { isJsonObject, parseJson } from '@outbox/local-cloud-pattern';
import type { TopicAddress } from './addresses';
import { invalidParameter } from './errors';
import type { StoredSubscription, StoredTopic } from './topic-store';
import { MAX_DISPLAY_NAME } from './limits';

/** Attributes of topics that are not run. Source: SNS API reference, SetTopicAttributes. */
const REFUSED =
  /^(ArchivePolicy|BeginningArchiveTime|ContentBasedDeduplication|DataProtectionPolicy|DeliveryPolicy|FifoThroughputScope|TracingConfig|SignatureVersion|(HTTP|Firehose|Lambda|Application|SQS)(Success|Failure)Feedback(RoleArn|SampleRate))$/;

/**
 * One attribute as it is kept; undefined takes it away.
 * @param policyProblem what is wrong with a policy's text, if anything
 * @throws AwsError in SNS's wording for unknown names and values
 */
export function checkTopicAttribute(
  name: string | undefined,
  value: string | undefined,
  operation: string,
  policyProblem: (text: string) => string | undefined,
): string | undefined {
  switch (name) {
    case 'DisplayName':
      if ((value ?? '').length > MAX_DISPLAY_NAME) throw invalidParameter('DisplayName');
      return value || undefined;
    case 'KmsMasterKeyId':
      return value || undefined;
    case 'Policy':
      if (!isJsonObject(parseJson(value ?? '')) || policyProblem(value ?? '') !== undefined) {
        throw invalidParameter('Policy Error: null');
      }
      return value;
    case 'FifoTopic':
      if (value !== 'false') throw unsupported('sns', operation, 'FIFO topics');
      return undefined;
    default:
      if (name === undefined || !REFUSED.test(name)) throw invalidParameter('AttributeName');
      // Nothing is asked for: Terraform's provider sets the share of deliveries to log of every protocol, 0 being none.
      if (!value || (name.endsWith('SampleRate') && value === '0')) return undefined;
      throw unsupported('sns', operation, `the attribute ${name}`);
  }
}

/** What GetTopicAttributes answers. */
export function shownTopic(topic: StoredTopic, subscriptions: readonly StoredSubscription[]): Record<string, string> {
  const confirmed = subscriptions.filter(({ confirmation }) => confirmation.kind === 'confirmed').length;
  return {
    TopicArn: topic.arn,
    Owner: topic.accountId,
    DisplayName: '',
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(subscriptions.length - confirmed),
    SubscriptionsDeleted: '0',
    EffectiveDeliveryPolicy: JSON.stringify(DELIVERY_POLICY),
    ...topic.attributes,
  };
}

/** Lets the account's own services publish and its callers, by their own policies, do the rest. */
export function defaultPolicy({ arn, accountId }: TopicAddress): string {
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'SNS:GetTopicAttributes',
          'SNS:SetTopicAttributes',
          'SNS:AddPermission',
          'SNS:RemovePermission',
          'SNS:DeleteTopic',
          'SNS:Subscribe',
          'SNS:ListSubscriptionsByTopic',
          'SNS:Publish',
        ],
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': accountId } },
      },
    ],
  });
}

/** How AWS describes retries to web servers, which are not run, of any topic. */
const DELIVERY_POLICY = {
  http: {
    defaultHealthyRetryPolicy: {
      minDelayTarget: 20,
      maxDelayTarget: 20,
      numRetries: 3,
      numMaxDelayRetries: 0,
      numNoDelayRetries: 0,
      numMinDelayRetries: 0,
      backoffFunction: 'linear',
    },
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
  },
};
