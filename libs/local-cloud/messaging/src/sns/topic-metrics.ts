import type { Engine, MetricUnit } from '@outbox/local-cloud-kernel';
import type { TopicAddress } from './addresses';

/** What SNS reports of topics. Source: SNS developer guide, "Monitoring Amazon SNS topics using CloudWatch". */
export type TopicMetric =
  | 'NumberOfMessagesPublished'
  | 'PublishSize'
  | 'NumberOfNotificationsDelivered'
  | 'NumberOfNotificationsFailed'
  | 'NumberOfNotificationsFilteredOut'
  | 'NumberOfNotificationsFilteredOut-InvalidAttributes'
  | 'NumberOfNotificationsFilteredOut-InvalidMessageBody'
  | 'NumberOfNotificationsFilteredOut-MessageAttributes'
  | 'NumberOfNotificationsFilteredOut-MessageBody'
  | 'NumberOfNotificationsFilteredOut-NoMessageAttributes'
  | 'NumberOfNotificationsRedrivenToDlq'
  | 'NumberOfNotificationsFailedToRedriveToDlq';

export function recordTopicMetric(
  { metrics }: Pick<Engine, 'metrics'>,
  { accountId, region, name: TopicName }: TopicAddress,
  name: TopicMetric,
  value = 1,
  unit: MetricUnit = 'Count',
): void {
  metrics.record({ accountId, region, namespace: 'AWS/SNS', name, dimensions: { TopicName }, value, unit });
}
