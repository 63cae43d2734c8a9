import type { Engine, RequestContext, Service } from '@outbox/local-cloud-kernel';
import { topicFromArn, topicOfSubscription } from './addresses';
import { pendingCantLeave, type Confirmations } from './confirmations';
import { invalidParameter } from './errors';
import { checkFilterPolicy } from './filter-policy';
import { onTopic } from './permissions';
import { changeSubscription, checkEndpoint, checkProtocol, shownSubscription } from './subscription-attributes';
import type { Protocol, StoredSubscription, TopicStore } from './topic-store';

/** Subscribing, confirming, describing, changing and ending subscriptions. */
export function subscriptionOperations(
  store: TopicStore,
  confirmations: Confirmations,
  engine: Pick<Engine, 'clock' | 'ids'>,
): Service<'sns'>['operations'] {
  const onItsTopic = (action: string, arn: string | undefined, context: RequestContext) => [
    onTopic(store, action, topicOfSubscription(arn), context),
  ];

  const create = (
    topicArn: string,
    protocol: Protocol,
    endpoint: string,
    { caller, accountId }: RequestContext,
  ): StoredSubscription => ({
    arn: `${topicArn}:${engine.ids.uuid()}`,
    topicArn,
    owner: accountId,
    principal: caller.roleArn ?? caller.arn,
    region: topicFromArn(topicArn).region,
    protocol,
    endpoint,
    attributes: {},
    tokens: [],
    // Queues and functions of one's own account need not be asked.
    confirmation: isMail(protocol)
      ? { kind: 'pending', since: engine.clock.now() }
      : { kind: 'confirmed', authenticated: true, signedUnsubscribe: true },
  });

  return {
    Subscribe: {
      requires: (input, context) => {
        const conditions = { 'sns:Protocol': input.Protocol ?? '', 'sns:Endpoint': input.Endpoint ?? '' };
        return [onTopic(store, 'Subscribe', topicFromArn(input.TopicArn), context, conditions)];
      },
      handle: (input, context) => {
        const topic = store.get(input.TopicArn);
        const protocol = checkProtocol(input.Protocol);
        const endpoint = checkEndpoint(protocol, input.Endpoint, context.accountId);
        let attributes: StoredSubscription['attributes'] = {};
        for (const [name, value] of Object.entries(input.Attributes ?? {})) {
          attributes = changeSubscription(attributes, protocol, name, value, 'Subscribe');
        }
        checkFilterPolicy(attributes);
        const known = store
          .subscriptionsTo(topic.arn)
          .find((one) => one.protocol === protocol && one.endpoint === endpoint);
        if (
          known &&
          Object.entries(attributes).some(([name, value]) => (shownSubscription(known)[name] ?? 'false') !== value)
        ) {
          throw invalidParameter('Attributes', 'Subscription already exists with different attributes');
        }
        const subscription = known ?? { ...create(topic.arn, protocol, endpoint, context), attributes };
        if (!known) store.saveSubscription(subscription);
        if (subscription.confirmation.kind === 'confirmed') return { SubscriptionArn: subscription.arn };
        confirmations.ask(subscription);
        return { SubscriptionArn: input.ReturnSubscriptionArn ? subscription.arn : 'pending confirmation' };
      },
    },
    ConfirmSubscription: {
      requires: (input, context) => [onTopic(store, 'ConfirmSubscription', topicFromArn(input.TopicArn), context)],
      handle: (input) => {
        const signedUnsubscribe = input.AuthenticateOnUnsubscribe === 'true';
        const { arn } = confirmations.confirm(input.TopicArn, input.Token, { authenticated: true, signedUnsubscribe });
        return { SubscriptionArn: arn };
      },
    },
    Unsubscribe: {
      requires: (input, context) => onItsTopic('Unsubscribe', input.SubscriptionArn, context),
      // One that isn't there is no error.
      handle: (input) => {
        const subscription = store.findSubscription(input.SubscriptionArn ?? '');
        if (subscription?.confirmation.kind === 'pending') throw pendingCantLeave();
        if (subscription) store.deleteSubscription(subscription.arn);
        return {};
      },
    },
    GetSubscriptionAttributes: {
      requires: (input, context) => onItsTopic('GetSubscriptionAttributes', input.SubscriptionArn, context),
      handle: (input) => ({ Attributes: shownSubscription(store.subscription(input.SubscriptionArn)) }),
    },
    SetSubscriptionAttributes: {
      requires: (input, context) => onItsTopic('SetSubscriptionAttributes', input.SubscriptionArn, context),
      handle: (input) => {
        const subscription = store.subscription(input.SubscriptionArn);
        const { attributes, protocol } = subscription;
        const { AttributeName: name, AttributeValue: value } = input;
        const changed = changeSubscription(attributes, protocol, name, value, 'SetSubscriptionAttributes');
        checkFilterPolicy(changed);
        store.saveSubscription({ ...subscription, attributes: changed });
        return {};
      },
    },
  };
}

function isMail(protocol: Protocol): boolean {
  return protocol === 'email' || protocol === 'email-json';
}
