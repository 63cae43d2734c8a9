import { createHash } from 'node:crypto';
import type { SendMessageBatchRequestEntry, SendMessageRequest } from '@aws-sdk/client-sqs';
import type { Clock, StateStore, Table } from '@outbox/local-cloud-kernel';
import { invalidParameter, invalidValue, missingParameter } from './errors';
import type { StoredQueue } from './queue-store';
import { DEDUPLICATION_MS } from './limits';

type Sent = SendMessageRequest | SendMessageBatchRequestEntry;

/** Characters and length (SQS API reference, SendMessage, MessageDeduplicationId). */
const DEDUPLICATION_ID = /^[!-~]{1,128}$/;
/** Sequence numbers have 20 digits and rise with every message (SQS developer guide, "Key terms"); where they begin is ours. */
const FIRST_SEQUENCE = 18_000_000_000_000_000_000n;
const SEQUENCE_STEP = 256n;

export function isFifo(queue: Pick<StoredQueue, 'name'>): boolean {
  return queue.name.endsWith('.fifo');
}

/**
 * What a FIFO queue takes of a message: a group, a deduplication id unless its content gives one, and no delay of its own.
 * AWS was recorded to refuse a whole batch for a message that lacks them (LocalStack's test_send_batch_missing_…).
 * @throws AwsError MissingParameter, InvalidParameterValue
 */
export function checkFifoMessage(sent: Sent, queue: StoredQueue): void {
  if (sent.MessageGroupId === undefined) throw missingParameter('MessageGroupId');
  if (sent.MessageDeduplicationId === undefined && queue.attributes['ContentBasedDeduplication'] !== 'true') {
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  const id = sent.MessageDeduplicationId;
  if (id !== undefined && !DEDUPLICATION_ID.test(id)) {
    throw invalidValue(
      id,
      'MessageDeduplicationId',
      'MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    );
  }
  if (sent.DelaySeconds) {
    throw invalidValue(
      sent.DelaySeconds,
      'DelaySeconds',
      'The request include parameter that is not valid for this queue type.',
    );
  }
}

/** The id a message of a FIFO queue is known by: its own, or the SHA-256 of its body (SQS API reference, SendMessage). */
export function deduplicationId(sent: Sent): string {
  return (
    sent.MessageDeduplicationId ??
    createHash('sha256')
      .update(sent.MessageBody ?? '')
      .digest('hex')
  );
}

/** What was sent under a deduplication id; a second message under it gets the same answer and isn't delivered. */
export interface SentBefore {
  readonly messageId: string;
  readonly sequenceNumber: string;
  readonly sentAt: number;
}

/** What FIFO queues remember of the messages sent to them. */
export class FifoMemory {
  readonly #sequences: Table<number>;

  constructor(private readonly engine: { readonly store: StateStore; readonly clock: Clock }) {
    this.#sequences = engine.store.table('sqs.sequences');
  }

  /** The number of the next message of a queue. */
  nextSequence({ arn }: StoredQueue): string {
    const count = this.#sequences.get(arn) ?? 0;
    this.#sequences.set(arn, count + 1);
    return String(FIRST_SEQUENCE + BigInt(count) * SEQUENCE_STEP);
  }

  /** The message sent under the id in the last five minutes; a queue may look at each of its groups alone. */
  sentBefore(queue: StoredQueue, groupId: string, id: string): SentBefore | undefined {
    const known = this.#sent(queue).get(keyOf(queue, groupId, id));
    return known && known.sentAt > this.#oldest() ? known : undefined;
  }

  remember(queue: StoredQueue, groupId: string, id: string, sent: SentBefore): void {
    const table = this.#sent(queue);
    const key = keyOf(queue, groupId, id);
    table.delete(key);
    table.set(key, sent);
    // What was sent first comes first: one look per message, however many there are.
    for (const [old, { sentAt }] of table.entries()) {
      if (sentAt > this.#oldest()) return;
      table.delete(old);
    }
  }

  forget(queue: StoredQueue): void {
    const table = this.#sent(queue);
    for (const key of [...table.keys()]) table.delete(key);
  }

  #sent({ arn }: StoredQueue): Table<SentBefore> {
    return this.engine.store.table(`sqs.deduplication ${arn}`);
  }

  #oldest(): number {
    return this.engine.clock.now() - DEDUPLICATION_MS;
  }
}

function keyOf(queue: StoredQueue, groupId: string, id: string): string {
  return queue.attributes['DeduplicationScope'] === 'messageGroup' ? `group ${groupId} ${id}` : `queue ${id}`;
}
