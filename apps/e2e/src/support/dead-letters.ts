import { randomUUID } from 'node:crypto';
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { aws } from './stack';

const BATCH = 10;

export interface Buried {
  readonly body: string;
  readonly reason: string;
  readonly detail: string;
}

/** Puts messages into a dead-letter queue as a consumer does: with reason and detail. */
export async function bury(QueueUrl: string, letters: readonly Buried[]): Promise<void> {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  for (let first = 0; first < letters.length; first += BATCH) {
    const Entries = letters.slice(first, first + BATCH).map(({ body, reason, detail }) => ({
      Id: randomUUID(),
      MessageBody: body,
      MessageAttributes: { reason: text(reason), detail: text(detail) },
    }));
    await aws.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
}

/** The same with events, as a rule of the bus puts them into a queue. */
export function buryEvents(
  queueUrl: string,
  letters: readonly (Omit<Buried, 'body'> & { readonly event: unknown })[],
): Promise<void> {
  return bury(
    queueUrl,
    letters.map(({ event, ...why }) => ({ ...why, body: onBus(event) })),
  );
}

/** Removes all messages of a queue, and returns how many there were: a queue is purged once a minute at most. */
export async function emptied(QueueUrl: string): Promise<number> {
  let removed = 0;
  for (;;) {
    const { Messages = [] } = await aws.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: BATCH, WaitTimeSeconds: 1 }),
    );
    if (Messages.length === 0) return removed;
    removed += Messages.length;
    const Entries = Messages.map(({ MessageId: Id, ReceiptHandle }) => ({ Id, ReceiptHandle }));
    await aws.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}

function onBus(detail: unknown): string {
  const { id, type, source, time } = detail as Readonly<Record<string, string>>;
  const envelope = { version: '0', account: '000000000000', region: 'us-east-1', resources: [] };
  return JSON.stringify({ ...envelope, id, 'detail-type': type, source, time, detail });
}
