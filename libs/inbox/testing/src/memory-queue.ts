import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SqsBatchHandler } from '@outbox/function-kit';
import type { EventEnvelope } from '@outbox/outbox-envelope';

type SqsRecord = Parameters<SqsBatchHandler>[0]['Records'][number];

interface Message {
  readonly id: string;
  readonly body: string;
  readonly queuedAt: number;
  firstReceivedAt?: number;
  receives: number;
  visibleAt: number;
}

/** What a consumer put into its dead-letter queue. */
export interface DeadLetter {
  readonly event: EventEnvelope;
  readonly reason: string;
  readonly detail: string;
}

interface SendInput {
  readonly MessageBody: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly StringValue: string }>>;
}

interface VisibilityInput {
  readonly ReceiptHandle: string;
  readonly VisibilityTimeout: number;
}

/** Seconds that a message stays hidden when nobody says otherwise. */
const VISIBILITY_SECONDS = 180;
const MAX_BATCH = 10;

/** A queue with its dead-letter queue. */
export class MemoryQueue {
  readonly deadLetters: DeadLetter[] = [];
  private messages: readonly Message[];

  /** `run`: each run sends messages of its own, as a redrive does. */
  constructor(events: readonly EventEnvelope[], now: number, run: number) {
    this.messages = events.map((event, index) => ({
      id: `message-${run}-${index + 1}`,
      body: busMessage(event, now),
      queuedAt: now,
      receives: 0,
      visibleAt: now,
    }));
  }

  /** When the next message can be received; undefined: there is none left. */
  nextAt(): number | undefined {
    return this.messages.length === 0 ? undefined : Math.min(...this.messages.map(({ visibleAt }) => visibleAt));
  }

  receive(now: number): readonly SqsRecord[] {
    const batch = this.messages.filter(({ visibleAt }) => visibleAt <= now).slice(0, MAX_BATCH);
    for (const message of batch) {
      message.receives += 1;
      message.firstReceivedAt ??= now;
      message.visibleAt = now + VISIBILITY_SECONDS * 1_000;
    }
    return batch.map(recordOf);
  }

  delete(ids: ReadonlySet<string>): void {
    this.messages = this.messages.filter(({ id }) => !ids.has(id));
  }

  /** How often the message was received that was received most often, of those left. */
  mostReceives(): number {
    return Math.max(0, ...this.messages.map(({ receives }) => receives));
  }

  /** What is left, most often received first: for an error that says why it doesn't end. */
  waiting(): readonly string[] {
    const byReceives = [...this.messages].sort((one, other) => other.receives - one.receives);
    return byReceives.map(({ body, receives }) => `${eventOf(body).id} (received ${receives} times)`);
  }

  /** SQS's client as consumers use it: `ChangeMessageVisibility`, and `SendMessage` to the dead-letter queue. */
  client(now: () => number): Pick<SQSClient, 'send'> {
    const send = async ({ input }: { readonly input: object }): Promise<object> => {
      if ('ReceiptHandle' in input) this.hide(input as VisibilityInput, now());
      else this.setAside(input as SendInput);
      return {};
    };
    return { send: send as SQSClient['send'] };
  }

  private hide({ ReceiptHandle: id, VisibilityTimeout: seconds }: VisibilityInput, now: number): void {
    const message = this.messages.find((one) => one.id === id);
    if (message) message.visibleAt = now + seconds * 1_000;
  }

  private setAside({ MessageBody: body, MessageAttributes: attributes }: SendInput): void {
    const text = (name: string) => attributes[name]?.StringValue ?? '';
    this.deadLetters.push({ event: eventOf(body), reason: text('reason'), detail: text('detail') });
  }
}

/** The event in EventBridge's envelope, as a rule puts it on a queue. */
function busMessage(event: EventEnvelope, now: number): string {
  const { id, source, type } = event;
  const time = `${new Date(now).toISOString().slice(0, 19)}Z`;
  const place = { account: '000000000000', region: 'memory', resources: [] };
  return JSON.stringify({ version: '0', id, 'detail-type': type, source, time, ...place, detail: event });
}

function eventOf(body: string): EventEnvelope {
  return (JSON.parse(body) as { readonly detail: EventEnvelope }).detail;
}

function recordOf({ id, body, queuedAt, firstReceivedAt = queuedAt, receives }: Message): SqsRecord {
  return {
    messageId: id,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: String(queuedAt),
      ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
      SenderId: 'memory',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:memory:000000000000:queue',
    awsRegion: 'memory',
  };
}
