import type { Engine } from '@outbox/local-cloud-kernel';
import { topicFromArn } from './addresses';
import { invalidParameter, unsubscribeNeedsSignature } from './errors';
import type { Mailbox } from './mail/mailbox';
import { confirmationMail } from './mail/texts';
import { TOKEN_MS } from './limits';
import { type StoredSubscription, type TopicStore } from './topic-store';

/** Hexadecimal digits of a token, as AWS's have. */
const TOKEN_LENGTH = 226;

/** How a subscription by mail comes to count: its address gets a token, and whoever has it confirms. */
export class Confirmations {
  constructor(
    private readonly store: TopicStore,
    private readonly mailbox: Mailbox,
    private readonly engine: Pick<Engine, 'clock' | 'ids' | 'origin'>,
  ) {}

  /** Sends a token to the subscription's address; earlier ones go on to count. */
  ask(subscription: StoredSubscription): void {
    const token = this.engine.ids.token(TOKEN_LENGTH, '0123456789abcdef');
    const tokens = [...subscription.tokens, { token, sentAt: this.engine.clock.now() }];
    this.store.saveSubscription({ ...subscription, tokens });
    this.mailbox.deliver(subscription.endpoint, confirmationMail(this.engine.origin, subscription, token));
  }

  /**
   * The token's subscription is confirmed, and answered; doing it again changes nothing.
   * @param how `authenticated`: by a signed request; `signedUnsubscribe`: only its owner may end it
   * @throws AwsError InvalidParameter, NotFound
   */
  confirm(
    topicArn: string | undefined,
    token: string | undefined,
    how: { readonly authenticated: boolean; readonly signedUnsubscribe: boolean },
  ): StoredSubscription {
    const topic = this.store.get(topicFromArn(topicArn).arn);
    const now = this.engine.clock.now();
    const asked = this.store
      .subscriptionsTo(topic.arn)
      .find(({ tokens }) => tokens.some((sent) => sent.token === token && now - sent.sentAt < TOKEN_MS));
    if (!asked) throw invalidParameter('Token');
    if (asked.confirmation.kind === 'confirmed') return asked;
    const confirmed: StoredSubscription = { ...asked, confirmation: { kind: 'confirmed', ...how } };
    this.store.saveSubscription(confirmed);
    return confirmed;
  }

  /** The link at the foot of a mail was followed. @throws AwsError where that is not enough to end a subscription */
  leave(subscriptionArn: string | undefined): StoredSubscription {
    const subscription = this.store.subscription(subscriptionArn);
    const { confirmation } = subscription;
    if (confirmation.kind === 'pending') throw pendingCantLeave();
    if (confirmation.signedUnsubscribe) throw unsubscribeNeedsSignature();
    this.store.deleteSubscription(subscription.arn);
    return subscription;
  }
}

/** What waits for its confirmation can't be ended: it goes with its topic, or after two days. */
export function pendingCantLeave(): Error {
  return invalidParameter('SubscriptionArn', 'Cannot unsubscribe a subscription that is pending confirmation');
}
