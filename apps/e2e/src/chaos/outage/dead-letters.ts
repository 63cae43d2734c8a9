import { ChangeMessageVisibilityCommand, ReceiveMessageCommand, type Message } from '@aws-sdk/client-sqs';
import type { Stack } from '../../support/stack';
import type { AwsClients } from '../clients';

/** Messages that a consumer's dead-letter queue holds for one reason. */
export interface DeadLetters {
  readonly consumer: string;
  /** The library's word; `receives` where SQS gave up, `undelivered` where EventBridge did. */
  readonly reason: string;
  readonly count: number;
}

const MAX_MESSAGES = 10;
/** Longer than it takes to read them all, so that none is read twice. */
const HIDE_SECONDS = 600;

/** What lies in the consumers' dead-letter queues and why; it lies there as before when this is done. */
export async function readDeadLetters(sqs: AwsClients['sqs'], stack: Stack): Promise<readonly DeadLetters[]> {
  const found = await Promise.all(
    Object.entries(stack.consumers).map(async ([consumer, { dlq_url }]) => {
      const messages = await readAll(sqs, dlq_url);
      return countReasons(consumer, messages);
    }),
  );
  return found.flat();
}

/** The counts of several looks, one for each consumer and reason. */
export function addUp(all: readonly DeadLetters[]): readonly DeadLetters[] {
  const groups = Map.groupBy(all, ({ consumer, reason }) => `${consumer} ${reason}`);
  return [...groups.values()].flatMap((group) => {
    const count = group.reduce((sum, one) => sum + one.count, 0);
    return group.slice(0, 1).map((first) => ({ ...first, count }));
  });
}

/** Why each message was set aside, counted. */
export function countReasons(
  consumer: string,
  messages: readonly Pick<Message, 'MessageAttributes'>[],
): readonly DeadLetters[] {
  return addUp(messages.map(({ MessageAttributes }) => ({ consumer, reason: reasonOf(MessageAttributes), count: 1 })));
}

function reasonOf(attributes: Message['MessageAttributes']): string {
  const otherwise = attributes?.['ERROR_CODE'] === undefined ? 'receives' : 'undelivered';
  return attributes?.['reason']?.StringValue ?? otherwise;
}

async function readAll(sqs: AwsClients['sqs'], QueueUrl: string): Promise<readonly Message[]> {
  const read: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: MAX_MESSAGES,
        VisibilityTimeout: HIDE_SECONDS,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) break;
    read.push(...Messages);
  }
  await Promise.all(
    read.map(({ ReceiptHandle }) =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })),
    ),
  );
  return read;
}
