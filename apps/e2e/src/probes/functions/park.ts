import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';

interface QueueEvent {
  readonly Records: readonly {
    readonly messageId: string;
    readonly receiptHandle: string;
    readonly body: string;
    readonly attributes: { readonly ApproximateReceiveCount: string };
  }[];
}

const sqs = new SQSClient({});

/** What an in-order consumer does at a gap: the message is hidden for a few seconds, and reported as failed. */
export async function handler({ Records }: QueueEvent): Promise<object> {
  const parked = Records.filter(({ attributes }) => attributes.ApproximateReceiveCount === '1');
  for (const { body, receiptHandle } of parked) {
    const { queueUrl, seconds } = JSON.parse(body) as { queueUrl: string; seconds: number };
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  }
  return { batchItemFailures: parked.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
