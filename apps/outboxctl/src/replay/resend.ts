import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { publishedItems, type PublishedFilter } from '@outbox/outbox-dynamodb';
import { republish, sequenceOf, type StoredOutboxItem } from '@outbox/outbox-rules';
import { formatAggregateId } from '../aggregate-id';
import { aggregateOfKey } from '../aggregate-key';
import { batches, MAX_BYTES, MAX_ENTRIES, refuse, sendBatch } from '../dead-letters/dead-letter-queue';
import { queueArn } from '../queue';
import { Memories } from '../repeats';
import { consumerOf, subscribes, type Stack } from '../stack';

export interface ResendOptions {
  readonly consumer: string;
  readonly filter: PublishedFilter;
  /** What the messages say they were replayed by. */
  readonly name: string;
  /** Send also what a `once` consumer could do a second time. */
  readonly acceptRepeats: boolean;
  /** Send none, count those that would be. */
  readonly dryRun: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly progress: (sent: number) => void;
  /** Told in words of each event that no message can hold, and of what isn't known. */
  readonly say: (text: string) => void;
  readonly stop: AbortSignal;
}

export interface ResendClients {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly lambda: () => LambdaClient;
}

export interface Resent {
  /** Sent to the consumer's queue, or would be in a dry run. */
  readonly sent: number;
  /** Were not sent: the consumer is of policy `once`, may have done them and forgotten it. */
  readonly withheld: number;
  /** Were not sent: the outbox's item holds no event. */
  readonly unreadable: number;
  /** Were not sent: with what EventBridge puts around them they exceed a message of SQS. Absent: none. */
  readonly tooLarge?: number;
  readonly interrupted?: true;
}

/**
 * Sends events that the outbox still has to one consumer's queue, those of an aggregate by their sequence, as a replay
 * would: the consumer knows them by their ids, and nobody else gets them. What was not published yet is left out.
 * @throws QueueRefused, CorruptItemError
 */
export async function resend(
  { dynamodb, sqs, lambda }: ResendClients,
  stack: Stack,
  { consumer, filter, name, acceptRepeats, dryRun, now, progress, say, stop }: ResendOptions,
): Promise<Resent> {
  const output = consumerOf(stack, consumer);
  const memories = new Memories({ lambda, progress: say }, { ...stack, consumers: { [consumer]: output } }, now);
  const envelopeOf = await envelopes(sqs, output.queue_url, stack.event_source, name, now);
  const counts = { sent: 0, withheld: 0, unreadable: 0 };
  let tooLarge = 0;
  let waiting: { readonly body: string }[] = [];
  const send = async (): Promise<void> => {
    for (const batch of batches(waiting)) {
      if (!dryRun) {
        const { failed } = await sendBatch(sqs, output.queue_url, batch);
        refuse('send', failed);
      }
      counts.sent += batch.length;
      progress(counts.sent);
    }
    waiting = [];
  };
  for await (const item of publishedItems({ dynamodb, tableName: stack.outbox_table_name }, filter)) {
    if (stop.aborted) break;
    const about = aggregateOfKey(item.pk);
    if (!about || !subscribes(output, about.aggregate, item.type)) continue;
    const body = envelopeOf(item);
    if (!acceptRepeats && (await memories.forgetful({ ...item, aggregate: about.aggregate })).length > 0) {
      counts.withheld += 1;
    } else if (body === undefined) counts.unreadable += 1;
    else if (Buffer.byteLength(body) > MAX_BYTES) {
      tooLarge += 1;
      const of = `${formatAggregateId(about)} event ${sequenceOf(item)} (${item.type}, ${item.id})`;
      say(`${of} is left out: ${Buffer.byteLength(body)} bytes, a message holds ${MAX_BYTES}`);
    } else waiting.push({ body });
    if (waiting.length === MAX_ENTRIES) await send();
  }
  if (!stop.aborted) await send();
  return { ...counts, ...(tooLarge === 0 ? {} : { tooLarge }), ...(stop.aborted ? { interrupted: true } : {}) };
}

/** Makes of an item what EventBridge puts into a queue when it replays an event (user guide, eb-replay-archived-event). */
async function envelopes(sqs: SQSClient, queueUrl: string, source: string, name: string, now: number) {
  const [, , , region = '', account = ''] = (await queueArn(sqs, queueUrl)).split(':');
  const at = new Date(now).toISOString();
  return (item: StoredOutboxItem): string | undefined => {
    const made = republish(item, at);
    if (made.kind === 'unreadable') return undefined;
    return JSON.stringify({
      ...{ version: '0', id: item.id, 'detail-type': item.type, source, account, time: at, region, resources: [] },
      'replay-name': name,
      detail: JSON.parse(made.entry.detail) as unknown,
    });
  };
}
