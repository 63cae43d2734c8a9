import type { Engine } from '@outbox/local-cloud-kernel';
import { backOff } from '../shared/back-off';
import { sendDeadLetter, type GiveUpCondition } from './dead-letter';
import { Execution } from './execution';
import type { PipeLog } from './pipe-log';
import type { PipeRole } from './pipe-role';
import type { StoredPipe } from './pipe-store';
import type { PipeRecord } from './stream-record';

/** A piece of a batch: what is left of the records up to `upTo`. */
interface Piece {
  readonly records: readonly PipeRecord[];
  readonly upTo: string;
  readonly failures: number;
}

/** How fast AWS retries is not documented; quick at first, never more than a minute. */
const BACK_OFF = { firstMs: 200, longestMs: 60_000 };

/** Everything the delivery of a pipe's batches needs. */
export interface DeliveryTools {
  readonly pipe: StoredPipe;
  readonly role: PipeRole;
  readonly log: PipeLog;
  readonly engine: Engine;
  readonly signal: AbortSignal;
}

/**
 * Delivers the records of a batch in order until each is on the bus, dropped by the enrichment, or given up: a failing
 * piece is halved down to one record (AUTOMATIC_BISECT), then retried up to the pipe's limits, then sent to its
 * dead-letter queue. Halving doesn't count as a retry.
 * @param done called with the sequence number up to which everything is settled
 * @returns false when `signal` ended it before everything was settled
 */
export async function deliverBatch(
  records: readonly PipeRecord[],
  shardId: string,
  tools: DeliveryTools,
  done: (sequenceNumber: string) => void,
): Promise<boolean> {
  const { pipe, engine, signal } = tools;
  const last = records.at(-1);
  const pieces: Piece[] = last ? [{ records, upTo: last.sequenceNumber, failures: 0 }] : [];
  for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
    if (signal.aborted) return false;
    const young = await withoutExpired(piece, shardId, tools);
    if (young.length > 0) {
      const { role, log } = tools;
      const { failed, error } = await new Execution(pipe, role, log, engine).run(young);
      if (failed.length > 0) {
        if (signal.aborted) return false;
        engine.log('warn', 'pipe batch failed', { pipe: pipe.arn, records: failed.length, error });
        const next = await afterFailure({ ...piece, records: failed }, shardId, tools);
        pieces.unshift(...next);
        if (next.length > 0) continue;
      }
    }
    done(piece.upTo);
  }
  return true;
}

/** What to try next; empty when the piece was given up. */
async function afterFailure(piece: Piece, shardId: string, tools: DeliveryTools): Promise<Piece[]> {
  const { stream } = tools.pipe;
  const { records, upTo } = piece;
  if (stream.bisect && records.length > 1) {
    const middle = Math.ceil(records.length / 2);
    const first = records.slice(0, middle);
    const firstUpTo = first.at(-1)?.sequenceNumber ?? upTo;
    return [
      { ...piece, records: first, upTo: firstUpTo },
      { ...piece, records: records.slice(middle) },
    ];
  }
  const failures = piece.failures + 1;
  if (stream.maximumRetryAttempts >= 0 && failures > stream.maximumRetryAttempts) {
    await giveUp(records, shardId, 'RetryAttemptsExhausted', tools);
    return [];
  }
  await tools.engine.clock.sleep(backOff(failures, BACK_OFF, tools.engine.ids.random()), tools.signal);
  return [{ ...piece, failures }];
}

/** Gives up records older than the pipe's limit and answers the others. */
async function withoutExpired(piece: Piece, shardId: string, tools: DeliveryTools): Promise<readonly PipeRecord[]> {
  const limit = tools.pipe.stream.maximumRecordAgeSeconds;
  if (limit < 0) return piece.records;
  const before = tools.engine.clock.now() - limit * 1000;
  const expired = piece.records.filter((record) => record.createdAt < before);
  if (expired.length === 0) return piece.records;
  await giveUp(expired, shardId, 'RecordAgeExceeded', tools);
  return piece.records.filter((record) => record.createdAt >= before);
}

async function giveUp(
  records: readonly PipeRecord[],
  shardId: string,
  condition: GiveUpCondition,
  { pipe, role, engine }: DeliveryTools,
): Promise<void> {
  const queueArn = pipe.stream.deadLetterArn;
  const fields = { pipe: pipe.arn, condition, sequenceNumbers: records.map(({ sequenceNumber }) => sequenceNumber) };
  if (queueArn === undefined) {
    engine.log('error', 'pipe dropped records: it has no dead-letter queue', fields);
    return;
  }
  try {
    await sendDeadLetter(pipe, queueArn, shardId, records, condition, role, engine);
  } catch (error) {
    engine.log('error', 'pipe dropped records: its dead-letter queue refuses them', {
      ...fields,
      error: String(error),
    });
  }
}
