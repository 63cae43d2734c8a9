import { createHash } from 'node:crypto';
import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { Service } from '@outbox/local-cloud-kernel';
import type { SpecEngine } from './spec-engine';

export const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:orders';

/** One SQS queue as the compute part uses it. A received message stays away until the spec lets it come back. */
export interface SpecQueue {
  readonly service: Service<'sqs'>;
  readonly attributes: Record<string, string>;
  /** Ids of deleted messages. */
  readonly deleted: string[];
  /** What was sent with SendMessage, by queue URL. */
  readonly sent: {
    readonly url: string;
    readonly body: string;
    readonly attributes: Record<string, MessageAttributeValue>;
  }[];
  put(spec: SpecEngine, ...bodies: string[]): string[];
}

export function specQueue(engine: () => SpecEngine): SpecQueue {
  const visible: Message[] = [];
  const deleted: string[] = [];
  const sent: SpecQueue['sent'] = [];
  const attributes: Record<string, string> = { VisibilityTimeout: '30' };
  let count = 0;
  return {
    attributes,
    deleted,
    sent,
    put(spec, ...bodies) {
      const ids = bodies.map((Body) => {
        count += 1;
        visible.push({
          MessageId: `m-${count}`,
          ReceiptHandle: `r-m-${count}`,
          Body,
          MD5OfBody: createHash('md5').update(Body).digest('hex'),
          Attributes: {
            SentTimestamp: '1',
            ApproximateReceiveCount: '1',
            SenderId: 's',
            ApproximateFirstReceiveTimestamp: '2',
          },
          MessageAttributes: { kind: { DataType: 'String', StringValue: 'test' } },
        });
        return `m-${count}`;
      });
      spec.engine.signals.notify(QUEUE_ARN);
      return ids;
    },
    service: {
      name: 'sqs',
      operations: {
        ReceiveMessage: {
          requires: () => [{ action: 'sqs:ReceiveMessage', resource: QUEUE_ARN }],
          handle: async (input, { signal }) => {
            if (visible.length === 0)
              await engine().engine.signals.wait(QUEUE_ARN, (input.WaitTimeSeconds ?? 0) * 1000, signal);
            return signal.aborted ? {} : { Messages: visible.splice(0, input.MaxNumberOfMessages ?? 1) };
          },
        },
        DeleteMessageBatch: {
          requires: () => [{ action: 'sqs:DeleteMessage', resource: QUEUE_ARN }],
          handle: (input) => {
            deleted.push(...(input.Entries ?? []).map((entry) => (entry.ReceiptHandle ?? '').slice(2)));
            return { Successful: [], Failed: [] };
          },
        },
        GetQueueAttributes: {
          requires: () => [{ action: 'sqs:GetQueueAttributes', resource: QUEUE_ARN }],
          handle: () => ({ Attributes: attributes }),
        },
        SendMessage: {
          requires: () => [{ action: 'sqs:SendMessage', resource: QUEUE_ARN }],
          handle: (input) => {
            sent.push({
              url: input.QueueUrl ?? '',
              body: input.MessageBody ?? '',
              attributes: input.MessageAttributes ?? {},
            });
            return { MD5OfMessageBody: '', MessageId: 'sent' };
          },
        },
      },
    },
  };
}
