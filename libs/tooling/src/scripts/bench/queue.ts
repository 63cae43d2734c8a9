import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Measures } from './emulator.ts';
import { timed } from './timing.ts';

const MESSAGES = 1_000;
/** Rounds that count for nothing: what is measured first must not be what finds the client cold. */
const WARM_UP = 3;
const AT_ONCE = 8;

/** Messages of one kilobyte, sent, received one by one and deleted. */
export async function measureQueue(sqs: SQSClient): Promise<Measures> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'bench-messages' }));
  for (let round = 1; round <= WARM_UP; round += 1) await measureRound(sqs, QueueUrl);
  return measureRound(sqs, QueueUrl);
}

async function measureRound(sqs: SQSClient, QueueUrl: string | undefined): Promise<Measures> {
  const handles: string[] = [];
  const MessageBody = 'x'.repeat(1_000);
  const sent = await timed(MESSAGES, AT_ONCE, () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody })));
  const received = await timed(MESSAGES, AT_ONCE, async () => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    for (const { ReceiptHandle = '' } of Messages) handles.push(ReceiptHandle);
  });
  const deleted = await timed(handles.length, AT_ONCE, (index) =>
    sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: handles[index] })),
  );
  return { 'SQS SendMessage': sent, 'SQS ReceiveMessage': received, 'SQS DeleteMessage': deleted };
}
