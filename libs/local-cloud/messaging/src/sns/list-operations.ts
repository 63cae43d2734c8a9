import { pageBy, type Service } from '@outbox/local-cloud-kernel';
import { topicFromArn } from './addresses';
import { invalidParameter } from './errors';
import { onTopic } from './permissions';
import type { StoredSubscription, TopicStore } from './topic-store';
import { PAGE } from './limits';

/** Lists of topics and subscriptions, a hundred a page. */
export function listOperations(store: TopicStore): Service<'sns'>['operations'] {
  return {
    ListTopics: {
      requires: () => [{ action: 'sns:ListTopics', resource: '*' }],
      handle: (input, { accountId, region }) => {
        const { items, next } = page(store.topicsOf(accountId, region), input.NextToken);
        return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken: next };
      },
    },
    ListSubscriptions: {
      requires: () => [{ action: 'sns:ListSubscriptions', resource: '*' }],
      handle: (input, { accountId, region }) => {
        const { items, next } = page(store.subscriptionsOf(accountId, region), input.NextToken);
        return { Subscriptions: items.map(describe), NextToken: next };
      },
    },
    ListSubscriptionsByTopic: {
      requires: (input, context) => [onTopic(store, 'ListSubscriptionsByTopic', topicFromArn(input.TopicArn), context)],
      handle: (input) => {
        const { items, next } = page(store.subscriptionsTo(store.get(input.TopicArn).arn), input.NextToken);
        return { Subscriptions: items.map(describe), NextToken: next };
      },
    },
  };
}

function page<T extends { readonly arn: string }>(items: readonly T[], token: string | undefined) {
  return pageBy(
    items,
    ({ arn }) => arn,
    token,
    PAGE,
    () => invalidParameter('NextToken'),
  );
}

function describe({ arn, topicArn, owner, protocol, endpoint, confirmation }: StoredSubscription) {
  return {
    SubscriptionArn: confirmation.kind === 'pending' ? 'PendingConfirmation' : arn,
    TopicArn: topicArn,
    Owner: owner,
    Protocol: protocol,
    Endpoint: endpoint,
  };
}
