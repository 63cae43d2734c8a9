import { parseArn, type Engine } from '@outbox/local-cloud-kernel';
import type { GiveUpCondition, StreamRecord } from '@outbox/local-cloud-streams';
import type { PipeRole } from './pipe-role';
import type { StoredPipe } from './pipe-store';

/**
 * Sends where the records stand in the stream, not the records: the shape real pipes write.
 * @throws AwsError when the role may not send, or the queue is gone
 */
export async function sendDeadLetter(
  pipe: StoredPipe,
  queueArn: string,
  shardId: string,
  records: readonly StreamRecord[],
  condition: GiveUpCondition,
  role: PipeRole,
  engine: Pick<Engine, 'calls' | 'clock' | 'origin'>,
): Promise<void> {
  const { accountId, region, resource } = parseArn(queueArn);
  const first = records[0];
  const last = records.at(-1);
  const body = {
    context: { partnerResourceArn: pipe.arn, condition },
    version: '1.0',
    timestamp: new Date(engine.clock.now()).toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: records.length,
      streamArn: pipe.source,
    },
  };
  const input = { QueueUrl: `${engine.origin}/${accountId}/${resource}`, MessageBody: JSON.stringify(body) };
  await engine.calls.call('sqs', 'SendMessage', input, { ...role.as(), region });
}

function arrival(record: StreamRecord | undefined): string | undefined {
  return record && `${new Date(record.createdAt).toISOString().slice(0, 19)}Z`;
}
