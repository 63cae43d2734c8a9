import type { RequestContext, Requirement } from '@outbox/local-cloud-kernel';
import type { TopicAddress } from './addresses';
import { invalidParameter } from './errors';
import type { TopicStore } from './topic-store';

/**
 * One SNS action on one topic, under the topic's policy. Actions on a subscription are asked of its topic too, as AWS's
 * denials show.
 * @param conditions `sns:Protocol` and the like
 * @throws AwsError InvalidParameter for a topic of another region (recorded on AWS by LocalStack's test_cross_region_access)
 */
export function onTopic(
  store: TopicStore,
  action: string,
  { arn, region }: TopicAddress,
  { caller, region: here }: Pick<RequestContext, 'caller' | 'region'>,
  conditions: Readonly<Record<string, string>> = {},
): Requirement {
  if (region !== here) throw invalidParameter('TopicArn');
  // The default policy lets the account's services in by it. Source: SNS developer guide, "aws:SourceAccount versus
  // aws:SourceOwner".
  const owner: Record<string, string> = caller.kind === 'service' ? { 'aws:SourceOwner': caller.accountId } : {};
  return {
    action: `sns:${action}`,
    resource: arn,
    resourcePolicy: store.find(arn)?.attributes['Policy'],
    conditions: { ...owner, ...conditions },
  };
}
