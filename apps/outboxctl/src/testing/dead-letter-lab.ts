import type { Message } from '@aws-sdk/client-sqs';
import { busEnvelope, parcelEvent } from '@outbox/testing';
import type { CliContext } from '../commands/context';
import { readDeadLetter } from '../dead-letters/dead-letter';
import { FakeQueue, type Faults } from './fake-queue';
import { NOW, runVerb } from './run-verb';
import { stackOf } from './stack';

/** Aggregate's id and the sequence of a message. */
export function place(message: Pick<Message, 'Body'>): string {
  const { event } = readDeadLetter(message);
  return `${event?.id} ${event?.sequence}`;
}

/** A message of a dead-letter queue about an event of parcel `subject`, as a consumer sets it aside. */
export function letter(
  version: number,
  attributes: Record<string, string> = {},
  subject = 'p-1',
  aggregatetype = 'parcel',
): Message {
  return {
    Body: busEnvelope({ ...parcelEvent(version), id: `${subject}-${version}`, aggregatetype, subject }),
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    ),
  };
}

/** Whose dead letters those of a lab are: `mails` is an in-order consumer, `labels` takes events in any order. */
export type Owner = 'mails' | 'labels' | 'ack' | 'pipe' | 'sweeper';

/** A stack whose one dead-letter queue with anything in it has these letters; its queues keep SQS's rules, in a time that waits move on. */
export function setUp(
  letters: readonly Message[],
  { owner = 'mails', interruptedBy = '', ...faults }: Faults & { owner?: Owner; interruptedBy?: string } = {},
  parts: Partial<CliContext> = {},
) {
  let now = NOW;
  let stop = new AbortController();
  const wait = (ms: number): void => void (now += ms);
  const queue = new FakeQueue(`https://sqs/1/${owner}-dlq`, letters, faults, { now: () => now, wait });
  queue.onCall = (call) => {
    if (call === interruptedBy) stop.abort();
  };
  return {
    run: (...argv: readonly string[]) => {
      stop = new AbortController();
      return runVerb(
        {
          stack: () => Promise.resolve(stackOf()),
          sqs: () => queue.client,
          now: () => now,
          sleep: (ms) => Promise.resolve(wait(ms)),
          protect: (work) => work(stop.signal),
          ...parts,
        },
        argv,
      );
    },
    now: () => now,
    /** Time goes by. */
    wait,
    queue,
    /** Dead letters that anybody can see. */
    dead: () => queue.seen(),
    /** What was sent to another queue. */
    sent: () => queue.sent,
  };
}
