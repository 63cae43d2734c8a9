import { eventually } from '@outbox/testing';
import { cloud } from './local-cloud';
import { queueDepths } from './queue-depths';
import { aws, type Stack } from './stack';

const SECOND = 1_000;
/** What a function is about to send is in no queue yet. */
const LOOKS = 3;

/** Messages that wait in a queue, are in the hands of a function, or come later. */
export async function messagesIn(QueueUrl: string): Promise<number> {
  const { ready, underWay } = await queueDepths(aws.sqs, QueueUrl);
  return ready + underWay;
}

/**
 * Moves the clock of the local cloud once nothing is under way: what a jump of hours catches on its way counts as late by
 * hours, and alarms tell of that for the next one.
 */
export async function advanceWhenIdle(stack: Stack, milliseconds: number): Promise<void> {
  const queues = [stack.acknowledger, ...Object.values(stack.consumers)];
  let idle = 0;
  await eventually(
    async () => {
      const messages = await Promise.all(queues.map(({ queue_url }) => messagesIn(queue_url)));
      const underWay = { functions: await cloud.runningInvocations(), messages: messages.filter((count) => count > 0) };
      const isIdle = Object.keys(underWay.functions).length + underWay.messages.length === 0;
      idle = isIdle ? idle + 1 : 0;
      // A message that was put off comes with time only.
      if (!isIdle) await cloud.advance(SECOND);
      expect({ ...underWay, idle }).toEqual({ functions: {}, messages: [], idle: LOOKS });
    },
    { timeoutMs: 60_000, intervalMs: 100 },
  );
  await cloud.advance(milliseconds);
}
