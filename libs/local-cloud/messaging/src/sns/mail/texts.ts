import type { StoredSubscription, StoredTopic } from '../topic-store';
import type { MailText } from './mailbox';

const FROM = '<no-reply@sns.amazonaws.com>';
const NO_REPLY =
  'Please do not reply directly to this email. If you have any questions or comments regarding this email, please contact us at https://aws.amazon.com/support';

/** The mail that asks an address whether it wants to hear of a topic. */
export function confirmationMail(origin: string, subscription: StoredSubscription, token: string): MailText {
  const { topicArn, endpoint } = subscription;
  const confirmUrl = link(origin, 'confirmation', { TopicArn: topicArn, Token: token, Endpoint: endpoint });
  return {
    from: `AWS Notifications ${FROM}`,
    subject: 'AWS Notification - Subscription Confirmation',
    text: [
      'You have chosen to subscribe to the topic:',
      topicArn,
      '',
      'To confirm this subscription, click or visit the link below (If this was in error no action is necessary):',
      confirmUrl,
      '',
      NO_REPLY,
    ].join('\n'),
    confirmUrl,
  };
}

/** A notification as a person reads it. */
export function notificationMail(
  origin: string,
  topic: StoredTopic,
  subscription: StoredSubscription,
  subject: string | undefined,
  text: string,
): MailText {
  const leave = [
    '--',
    'If you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:',
    unsubscribeUrl(origin, subscription),
    '',
    NO_REPLY,
  ];
  return {
    from: `${topic.attributes['DisplayName'] ?? 'AWS Notifications'} ${FROM}`,
    subject: subject ?? 'AWS Notification Message',
    // JSON is read by programs, which want nothing else.
    text: subscription.protocol === 'email-json' ? text : [text, '', ...leave].join('\n'),
  };
}

/** What ends the subscription when it is followed. */
export function unsubscribeUrl(origin: string, { arn, endpoint }: StoredSubscription): string {
  return link(origin, 'unsubscribe', { SubscriptionArn: arn, Endpoint: endpoint });
}

function link(origin: string, page: string, parameters: Readonly<Record<string, string>>): string {
  return `${origin}/_sns/${page}.html?${new URLSearchParams(parameters).toString()}`;
}
