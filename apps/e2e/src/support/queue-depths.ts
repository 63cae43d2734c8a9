import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** A queue, and how many messages are in it. */
export interface QueueDepths {
  readonly arn: string;
  readonly ready: number;
  /** In the hands of a receiver, or to come later. */
  readonly underWay: number;
}

/** Reads what SQS says of a queue. */
export async function queueDepths(sqs: Pick<SQSClient, 'send'>, QueueUrl: string): Promise<QueueDepths> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return {
    arn: Attributes?.QueueArn ?? '',
    ready: Number(Attributes?.ApproximateNumberOfMessages),
    underWay:
      Number(Attributes?.ApproximateNumberOfMessagesNotVisible) +
      Number(Attributes?.ApproximateNumberOfMessagesDelayed),
  };
}
