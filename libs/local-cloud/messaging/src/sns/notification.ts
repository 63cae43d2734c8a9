import type { StoredSubscription } from './topic-store';

/** A message attribute in the form subscribers get it; binary values in base64. */
export interface NotificationAttribute {
  readonly Type: string;
  readonly Value: string;
}

/** What was published, once for all subscribers. */
export interface Notification {
  readonly id: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  /** The message by protocol, `default` for all others. */
  readonly texts: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, NotificationAttribute>>;
  /** Epoch milliseconds. */
  readonly publishedAt: number;
}

/** The message as a subscriber of the protocol gets it. */
export function textFor({ texts }: Notification, protocol: string): string {
  return (Object.hasOwn(texts, protocol) ? texts[protocol] : texts['default']) ?? '';
}

/**
 * The JSON a queue or a reader of `email-json` gets, written as SNS writes it. It has no signature: nothing here has a
 * certificate to check one by. Source: SNS developer guide, "HTTP/HTTPS notification JSON format".
 */
export function notificationJson(
  notification: Notification,
  protocol: string,
  unsubscribeUrl: string | undefined,
): string {
  const { id, topicArn, subject, attributes, publishedAt } = notification;
  return JSON.stringify(
    {
      Type: 'Notification',
      MessageId: id,
      TopicArn: topicArn,
      ...(subject === undefined ? {} : { Subject: subject }),
      Message: textFor(notification, protocol),
      Timestamp: new Date(publishedAt).toISOString(),
      ...(unsubscribeUrl === undefined ? {} : { UnsubscribeURL: unsubscribeUrl }),
      ...(Object.keys(attributes).length > 0 ? { MessageAttributes: attributes } : {}),
    },
    undefined,
    2,
  );
}

/** The event a function is invoked with. Source: Lambda developer guide, "Invoking Lambda functions with SNS". */
export function lambdaEvent(notification: Notification, { arn }: StoredSubscription): string {
  const { id, topicArn, subject, attributes, publishedAt } = notification;
  const Sns = {
    Type: 'Notification',
    MessageId: id,
    TopicArn: topicArn,
    Subject: subject ?? null,
    Message: textFor(notification, 'lambda'),
    Timestamp: new Date(publishedAt).toISOString(),
    MessageAttributes: attributes,
  };
  return JSON.stringify({
    Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: arn, Sns }],
  });
}
