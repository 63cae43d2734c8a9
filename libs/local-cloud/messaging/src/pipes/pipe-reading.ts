import type { Engine } from '@outbox/local-cloud-kernel';
import type { GivenUp, Outcome, StreamReading } from '@outbox/local-cloud-streams';
import { sendDeadLetter } from './dead-letter';
import { Execution } from './execution';
import type { PipeLog } from './pipe-log';
import type { PipeRole } from './pipe-role';
import type { PipeStore, StoredPipe, StreamSource } from './pipe-store';

/** Everything the delivery of a pipe's batches needs. */
export interface DeliveryTools {
  readonly pipe: StoredPipe;
  readonly role: PipeRole;
  readonly log: PipeLog;
  readonly engine: Engine;
  readonly signal: AbortSignal;
}

/** How a pipe reads its stream: each batch is an execution of its own, what is given up goes to its dead-letter queue. */
export function pipeReading(store: PipeStore, tools: DeliveryTools, stream: StreamSource): StreamReading {
  const { pipe, role, log, engine, signal } = tools;
  return {
    who: { pipe: pipe.arn },
    streamArn: pipe.source,
    region: pipe.region,
    settings: stream,
    filters: pipe.filters,
    createdAt: pipe.createdAt,
    engine,
    signal,
    positions: {
      get: (shardId) => store.checkpoint(pipe.arn, shardId),
      set: (shardId, checkpoint) => store.setCheckpoint(pipe.arn, shardId, checkpoint),
    },
    as: (until) => role.as(until),
    deliver: (records) => new Execution(pipe, role, log, engine).run(records),
    giveUp: (given) => giveUp(given, tools, stream.deadLetterArn),
  };
}

async function giveUp(
  { records, shardId, condition }: GivenUp<Outcome>,
  { pipe, role, engine }: DeliveryTools,
  queueArn: string | undefined,
): Promise<void> {
  const fields = { pipe: pipe.arn, condition, sequenceNumbers: records.map(({ sequenceNumber }) => sequenceNumber) };
  if (queueArn === undefined) {
    engine.log('error', 'pipe dropped records: it has no dead-letter queue', fields);
    return;
  }
  try {
    await sendDeadLetter(pipe, queueArn, shardId, records, condition, role, engine);
  } catch (error) {
    const reason = String(error);
    engine.log('error', 'pipe dropped records: its dead-letter queue refuses them', { ...fields, error: reason });
  }
}
