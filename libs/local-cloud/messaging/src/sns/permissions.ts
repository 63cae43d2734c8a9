import type { RequestContext, Requirement } from '@outbox/local-cloud-kernel';
import type { TopicAddress } from './addresses';
import type { TopicStore } from './topic-store';

/**
 * One SNS action on one topic, under the topic's policy. Actions on a subscription are asked of its topic too, as AWS's
 * denials show.
 * @param conditions `sns:Protocol` and the like
 */
export function onTopic(
  store: TopicStore,
  action: string,
  { arn }: TopicAddress,
  { caller }: Pick<RequestContext, 'caller'>,
  conditions: Readonly<Record<string, string>> = {},
): Requirement {
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
