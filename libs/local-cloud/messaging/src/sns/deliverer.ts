import { backOff, Deliveries, parseArn, toAwsError, type AwsError, type Engine } from '@outbox/local-cloud-kernel';
import { topicFromArn } from './addresses';
import { filteredOut } from './filter-policy';
import type { Mailbox } from './mail/mailbox';
import { notificationMail, unsubscribeUrl } from './mail/texts';
import { lambdaEvent, notificationJson, textFor, type Notification, type NotificationAttribute } from './notification';
import { deadLetterQueueOf } from './subscription-attributes';
import { recordTopicMetric, type TopicMetric } from './topic-metrics';
import type { StoredSubscription, StoredTopic } from './topic-store';
import { MOST_ATTEMPTS } from './limits';

/** One notification on its way to a queue or function; kept until it is there, in the dead-letter queue, or given up. */
interface Delivery {
  readonly id: string;
  readonly topicArn: string;
  /** Of the queue or function it goes to now. */
  readonly target: string;
  readonly deadLetterQueue?: string | undefined;
  readonly body: string;
  readonly attributes: Readonly<Record<string, NotificationAttribute>>;
  readonly attempts: number;
  readonly nextAt: number;
  /** Set once the endpoint is given up: it now goes to the dead-letter queue. */
  readonly isDead?: boolean;
}

const SNS = 'sns.amazonaws.com';
const BACK_OFF = { firstMs: 1_000, longestMs: 20_000 };

/** Brings notifications to subscribers: mails at once, the rest until they are taken or refused for good. */
export class Deliverer {
  readonly #deliveries: Deliveries<Delivery>;

  constructor(
    private readonly mailbox: Mailbox,
    private readonly engine: Engine,
  ) {
    this.#deliveries = new Deliveries(engine, 'sns.deliveries', (delivery) => this.#attempt(delivery));
  }

  /** It is in the mailbox, or kept to be delivered, before this returns, unless the subscription's policy keeps it back. */
  accept(topic: StoredTopic, subscription: StoredSubscription, notification: Notification): void {
    const { protocol } = subscription;
    const reason = filteredOut(subscription, notification);
    if (reason !== undefined) {
      this.#count(topic.arn, 'NumberOfNotificationsFilteredOut');
      this.#count(topic.arn, reason);
      return;
    }
    if (protocol === 'email' || protocol === 'email-json') {
      const text = protocol === 'email' ? textFor(notification, protocol) : this.#json(subscription, notification);
      const mail = notificationMail(this.engine.origin, topic, subscription, notification.subject, text);
      this.mailbox.deliver(subscription.endpoint, mail);
      this.#count(topic.arn, 'NumberOfNotificationsDelivered');
      return;
    }
    const isRaw = subscription.attributes['RawMessageDelivery'] === 'true';
    this.#deliveries.keep({
      id: this.engine.ids.uuid(),
      topicArn: topic.arn,
      target: subscription.endpoint,
      deadLetterQueue: deadLetterQueueOf(subscription),
      body:
        protocol === 'lambda'
          ? lambdaEvent(notification, subscription)
          : isRaw
            ? textFor(notification, protocol)
            : this.#json(subscription, notification),
      attributes: isRaw ? notification.attributes : {},
      attempts: 0,
      nextAt: this.engine.clock.now(),
    });
  }

  /** Goes on with what an earlier run of the engine had accepted and not delivered. */
  resume(): void {
    this.#deliveries.resume();
  }

  stop(): Promise<void> {
    return this.#deliveries.stop();
  }

  #json(subscription: StoredSubscription, notification: Notification): string {
    return notificationJson(notification, subscription.protocol, unsubscribeUrl(this.engine.origin, subscription));
  }

  async #attempt(delivery: Delivery): Promise<void> {
    try {
      await this.#send(delivery);
      this.#deliveries.remove(delivery);
      this.#count(
        delivery.topicArn,
        delivery.isDead ? 'NumberOfNotificationsRedrivenToDlq' : 'NumberOfNotificationsDelivered',
      );
    } catch (error) {
      this.#afterFailure(delivery, toAwsError(error));
    }
  }

  async #send({ topicArn, target, body, attributes }: Delivery): Promise<void> {
    const { accountId, region, service, resource } = parseArn(target);
    const caller = this.engine.identity.servicePrincipal(SNS, topicFromArn(topicArn).accountId, topicArn);
    if (service === 'lambda') {
      const input = { FunctionName: target, InvocationType: 'Event', Payload: Buffer.from(body) } as const;
      await this.engine.calls.call('lambda', 'Invoke', input, { caller, region });
      return;
    }
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, { Type, Value }]) => [
        name,
        Type.startsWith('Binary')
          ? { DataType: Type, BinaryValue: Buffer.from(Value, 'base64') }
          : { DataType: Type, StringValue: Value },
      ]),
    );
    const QueueUrl = `${this.engine.origin}/${accountId}/${resource}`;
    await this.engine.calls.call(
      'sqs',
      'SendMessage',
      { QueueUrl, MessageBody: body, MessageAttributes },
      { caller, region },
    );
  }

  /** What the endpoint itself refuses is not tried again; all else is, for 23 days. */
  #afterFailure(delivery: Delivery, error: AwsError): void {
    const { topicArn, target, deadLetterQueue, isDead } = delivery;
    const attempts = delivery.attempts + 1;
    const isRefused = error.fault === 'client' && !/Throttl|TooManyRequests|OverLimit/.test(error.code);
    this.engine.log('warn', 'notification not delivered', { topic: topicArn, target, error: error.message });
    if (!isRefused && attempts < MOST_ATTEMPTS) {
      const nextAt = this.engine.clock.now() + backOff(attempts, BACK_OFF, this.engine.ids.random());
      return this.#deliveries.keep({ ...delivery, attempts, nextAt });
    }
    this.#count(topicArn, isDead ? 'NumberOfNotificationsFailedToRedriveToDlq' : 'NumberOfNotificationsFailed');
    if (deadLetterQueue !== undefined && !isDead) {
      const nextAt = this.engine.clock.now();
      return this.#deliveries.keep({ ...delivery, target: deadLetterQueue, isDead: true, attempts: 0, nextAt });
    }
    this.#deliveries.remove(delivery);
    this.engine.log('error', 'notification dropped', { topic: topicArn, target });
  }

  #count(topicArn: string, name: TopicMetric): void {
    recordTopicMetric(this.engine, topicFromArn(topicArn), name);
  }
}
