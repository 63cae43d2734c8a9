import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { busEnvelope, parcelEvent } from '@outbox/testing';
import { readDeadLetter } from '../dead-letters/dead-letter';
import { parseStack } from '../stack';
import { runVerb } from './run-verb';

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

/** A stack whose consumer `mails` has these dead letters, in queues that keep SQS's rules. */
export function setUp(
  letters: readonly Message[],
  { diesAgain = false, refuses = '', held = 0, interruptedBy = '', fails = [] as readonly string[] } = {},
) {
  // The last `held` are another run's.
  let dead = letters.map((message, index) => ({
    ...message,
    MessageId: `m-${index}`,
    hidden: index >= letters.length - held,
  }));
  const stop = new AbortController();
  const sent: Message[] = [];
  const handleOf = ({ MessageId }: Message): string => `handle-${MessageId}`;
  const send = async (command: object): Promise<unknown> => {
    const call = command.constructor.name.replace(/Command$/, '');
    if (call === interruptedBy) stop.abort();
    if (fails.includes(call)) throw new Error(`${call} failed`);
    if (command instanceof GetQueueAttributesCommand) {
      const ours = command.input.QueueUrl === 'mails-dlq' ? dead : [];
      const count = (isHidden: boolean): string => String(ours.filter(({ hidden }) => hidden === isHidden).length);
      return {
        Attributes: {
          ApproximateNumberOfMessages: count(false),
          ApproximateNumberOfMessagesNotVisible: count(true),
        },
      };
    }
    if (command instanceof ReceiveMessageCommand) {
      const Messages = dead.filter(({ hidden }) => !hidden).slice(0, command.input.MaxNumberOfMessages);
      for (const message of Messages) message.hidden = true;
      return Messages.length === 0
        ? {}
        : { Messages: Messages.map((message) => ({ ...message, ReceiptHandle: handleOf(message) })) };
    }
    if (command instanceof ChangeMessageVisibilityBatchCommand) {
      const shown = new Set(command.input.Entries?.map(({ ReceiptHandle }) => ReceiptHandle));
      for (const message of dead) if (shown.has(handleOf(message))) message.hidden = false;
      return {};
    }
    if (command instanceof SendMessageBatchCommand) {
      const { Entries = [], QueueUrl } = command.input;
      expect(QueueUrl).toBe('mails');
      const [Failed, taken] = [true, false].map((refused) =>
        Entries.filter(({ MessageBody: Body }) => (place({ Body }) === refuses) === refused),
      );
      const moved = (taken ?? []).map(({ MessageBody: Body, MessageAttributes }) => ({ Body, MessageAttributes }));
      sent.push(...moved);
      if (diesAgain)
        dead.push(...moved.map((message) => ({ ...message, MessageId: `again-${dead.length}`, hidden: false })));
      return {
        Successful: taken?.map(({ Id }) => ({ Id })),
        Failed: Failed?.map(({ Id }) => ({ Id, Code: 'InternalError', Message: 'try again' })),
      };
    }
    if (command instanceof DeleteMessageBatchCommand) {
      const gone = new Set(command.input.Entries?.map(({ ReceiptHandle }) => ReceiptHandle));
      dead = dead.filter((message) => !gone.has(handleOf(message)));
      return {};
    }
    throw new Error('SQS is asked for something else');
  };
  const output = (name: string, policy: string) => ({
    queue_url: name,
    dlq_url: `${name}-dlq`,
    table_name: '',
    function_name: '',
    policy,
    on: { parcel: [] },
  });
  const values = {
    event_bus_name: '',
    outbox_table_name: '',
    event_source: 'parcels',
    aggregate_types: ['parcel'],
    pipe_name: '',
    archive_name: '',
    consumers: { labels: output('labels', 'once'), mails: output('mails', 'in-order') },
  };
  const outputs = JSON.stringify(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])));
  return {
    run: (...argv: readonly string[]) =>
      runVerb(
        {
          stack: () => Promise.resolve(parseStack(outputs, 'spec')),
          sqs: () => ({ send }) as unknown as SQSClient,
          protect: (work) => work(stop.signal),
        },
        argv,
      ),
    /** Dead letters that anybody can see. */
    dead: () => dead.filter(({ hidden }) => !hidden),
    sent: () => sent,
  };
}
