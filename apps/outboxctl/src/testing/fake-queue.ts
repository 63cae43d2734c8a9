import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { readDeadLetter } from '../dead-letters/dead-letter';

/** What goes wrong with a queue. */
export interface Faults {
  /** What is sent comes back at once. */
  readonly diesAgain?: boolean;
  /** Id and sequence of an event that SQS doesn't take. */
  readonly refuses?: string;
  /** Id of a message that SQS doesn't delete. */
  readonly keeps?: string;
  /** So many of the last messages another run has received; they are hidden for ever, or for so long. */
  readonly held?: number;
  readonly heldForMs?: number;
  /** Its figures count what was deleted as under way. */
  readonly isLate?: boolean;
  /** Calls that fail. */
  readonly fails?: readonly string[];
}

interface Stored extends Message {
  readonly MessageId: string;
  hiddenUntil: number;
  receives: number;
}

/** The process that called is gone: nothing of what it wanted afterwards happens. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** A dead-letter queue with SQS's visibility, and whatever other queues a client is asked for, which only take. */
export class FakeQueue {
  readonly sent: Message[] = [];
  onCall: (call: string) => void = () => undefined;
  /** The calls that the running process still makes; in the middle of the last one it is killed. */
  callsLeft = Infinity;
  /** Whether what that call asked for was done. */
  lastIsDone = false;
  calls = 0;
  #deleted = 0;
  readonly #stored: Map<string, Stored>;

  constructor(
    private readonly url: string,
    letters: readonly Message[],
    private readonly faults: Faults,
    private readonly clock: { readonly now: () => number; readonly wait: (ms: number) => void },
  ) {
    const { held = 0, heldForMs = Infinity } = faults;
    this.#stored = new Map(
      letters.map((message, index) => {
        const isHeld = index >= letters.length - held;
        const hiddenUntil = isHeld ? clock.now() + heldForMs : 0;
        return [`m-${index}`, { ...message, MessageId: `m-${index}`, hiddenUntil, receives: 0 }];
      }),
    );
  }

  get client(): SQSClient {
    return { send: (command: object) => this.#call(command) } as unknown as SQSClient;
  }

  /** All that it holds, seen or hidden. */
  all(): readonly Message[] {
    return [...this.#stored.values()];
  }

  /** Somebody else deletes a message. */
  remove(id: string): void {
    this.#stored.delete(id);
  }

  seen(): readonly Stored[] {
    return [...this.#stored.values()].filter(({ hiddenUntil }) => hiddenUntil <= this.clock.now());
  }

  async #call(command: object): Promise<unknown> {
    const call = command.constructor.name.replace(/Command$/, '');
    this.calls += 1;
    this.callsLeft -= 1;
    if (this.callsLeft < 0 || (this.callsLeft === 0 && !this.lastIsDone)) throw new Killed(call);
    this.onCall(call);
    if (this.faults.fails?.includes(call)) throw new Error(`${call} failed`);
    const result = this.#do(command);
    if (this.callsLeft === 0) throw new Killed(call);
    return Promise.resolve(result);
  }

  #do(command: object): unknown {
    if (command instanceof GetQueueAttributesCommand) return { Attributes: this.#depth(command.input.QueueUrl) };
    if (command instanceof ReceiveMessageCommand) {
      const { QueueUrl, MaxNumberOfMessages, VisibilityTimeout = 0, WaitTimeSeconds = 0 } = command.input;
      if (QueueUrl !== this.url) return {};
      if (this.seen().length === 0) this.clock.wait(WaitTimeSeconds * 1_000);
      const found = this.seen().slice(0, MaxNumberOfMessages);
      for (const message of found) {
        message.hiddenUntil = this.clock.now() + VisibilityTimeout * 1_000;
        message.receives += 1;
      }
      return found.length === 0
        ? {}
        : { Messages: found.map((message) => ({ ...message, ReceiptHandle: handleOf(message) })) };
    }
    if (command instanceof ChangeMessageVisibilityBatchCommand) {
      const { Entries = [] } = command.input;
      for (const { ReceiptHandle, VisibilityTimeout = 0 } of Entries) {
        const message = this.#of(ReceiptHandle);
        if (message) message.hiddenUntil = this.clock.now() + VisibilityTimeout * 1_000;
      }
      const gone = Entries.filter(({ ReceiptHandle }) => !this.#stored.has(idOf(ReceiptHandle)));
      const Message = 'Message does not exist or is not available for visibility timeout change.';
      return { Failed: gone.map(({ Id }) => ({ Id, Code: 'InvalidParameterValue', Message })) };
    }
    if (command instanceof SendMessageBatchCommand) return this.#send(command);
    if (command instanceof DeleteMessageBatchCommand) {
      const { Entries = [] } = command.input;
      const kept = Entries.filter(({ ReceiptHandle }) => this.#of(ReceiptHandle)?.MessageId === this.faults.keeps);
      for (const { ReceiptHandle } of Entries.filter((entry) => !kept.includes(entry))) {
        const message = this.#of(ReceiptHandle);
        if (message) this.#stored.delete(message.MessageId);
        this.#deleted += 1;
      }
      return { Failed: kept.map(({ Id }) => ({ Id, Code: 'InternalError', Message: 'try again' })) };
    }
    throw new Error('SQS is asked for something else');
  }

  #send({ input: { Entries = [], QueueUrl } }: SendMessageBatchCommand): unknown {
    expect(`${QueueUrl}-dlq`).toBe(this.url);
    const refused = Entries.filter(({ MessageBody: Body }) => {
      const { event } = readDeadLetter({ Body });
      return `${event?.id} ${event?.sequence}` === this.faults.refuses;
    });
    const taken = Entries.filter((entry) => !refused.includes(entry));
    const moved = taken.map(({ MessageBody: Body, MessageAttributes }) => ({ Body, MessageAttributes }));
    this.sent.push(...moved);
    if (this.faults.diesAgain) {
      for (const message of moved) {
        const MessageId = `again-${this.sent.indexOf(message)}`;
        this.#stored.set(MessageId, { ...message, MessageId, hiddenUntil: 0, receives: 0 });
      }
    }
    return {
      Successful: taken.map(({ Id }) => ({ Id })),
      Failed: refused.map(({ Id }) => ({ Id, Code: 'InternalError', Message: 'try again' })),
    };
  }

  #depth(url: string | undefined) {
    const [waiting, all] = url === this.url ? [this.seen().length, this.#stored.size] : [0, 0];
    return {
      ApproximateNumberOfMessages: String(waiting),
      ApproximateNumberOfMessagesNotVisible: String(all - waiting + (this.faults.isLate ? this.#deleted : 0)),
      MessageRetentionPeriod: String(14 * 86_400),
    };
  }

  /** The message of a receipt handle, while that is the last one. */
  #of(handle: string | undefined): Stored | undefined {
    return [this.#stored.get(idOf(handle))].find((each) => each && handleOf(each) === handle);
  }
}

function idOf(handle = ''): string {
  return handle.split('/')[0] ?? '';
}

/** Another with each receive. */
function handleOf({ MessageId, receives }: Stored): string {
  return `${MessageId}/${receives}`;
}
