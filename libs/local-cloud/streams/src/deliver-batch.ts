import { backOff } from '@outbox/local-cloud-kernel';
import type { GiveUpCondition, Outcome, StreamReading } from './reading';
import type { StreamRecord } from './stream-record';

/** A piece of a batch: what is left of the records up to `upTo`. */
interface Piece<O> {
  readonly records: readonly StreamRecord[];
  readonly upTo: string;
  /** Failures that count as retries. */
  readonly failures: number;
  readonly attempts: number;
  /** Failures in a row that weren't even attempts. */
  readonly refusals: number;
  readonly outcome?: O;
}

/** How fast AWS retries is not documented; quick at first, never more than a minute. */
const BACK_OFF = { firstMs: 200, longestMs: 60_000 };

/**
 * Delivers the records of a batch in order until each is taken or given up: a failing piece is halved down to one record
 * where the settings say so, then retried up to the reader's limits, then given up. Halving doesn't count as a retry.
 * @param done called with the sequence number up to which everything is settled
 * @returns false when the reading's signal ended it before everything was settled
 */
export async function deliverBatch<O extends Outcome>(
  records: readonly StreamRecord[],
  shardId: string,
  reading: StreamReading<O>,
  done: (sequenceNumber: string) => void,
): Promise<boolean> {
  const { engine, signal, who } = reading;
  const last = records.at(-1);
  const pieces: Piece<O>[] = last
    ? [{ records, upTo: last.sequenceNumber, failures: 0, attempts: 0, refusals: 0 }]
    : [];
  for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
    if (signal.aborted) return false;
    const young = await withoutExpired(piece, shardId, reading);
    if (young.length > 0) {
      const outcome = await reading.deliver(young);
      const { failed, error } = outcome;
      if (failed.length > 0) {
        if (signal.aborted) return false;
        engine.log('warn', 'a batch of a stream failed', { ...who, records: failed.length, error });
        const attempts = piece.attempts + (outcome.isNoAttempt ? 0 : 1);
        const refusals = outcome.isNoAttempt ? piece.refusals + 1 : 0;
        const left = { ...piece, records: failed, attempts, refusals, outcome };
        const next = await afterFailure(left, outcome, shardId, reading);
        pieces.unshift(...next);
        if (next.length > 0) continue;
      }
    }
    done(piece.upTo);
  }
  return true;
}

/** What to try next; empty when the piece was given up. */
async function afterFailure<O extends Outcome>(
  piece: Piece<O>,
  outcome: O,
  shardId: string,
  reading: StreamReading<O>,
): Promise<Piece<O>[]> {
  const { settings, engine, signal } = reading;
  const { records, upTo } = piece;
  if (settings.bisect && records.length > 1 && !outcome.isFirstKnown && !outcome.isNoAttempt) {
    const middle = Math.ceil(records.length / 2);
    const first = records.slice(0, middle);
    const firstUpTo = first.at(-1)?.sequenceNumber ?? upTo;
    return [
      { ...piece, records: first, upTo: firstUpTo },
      { ...piece, records: records.slice(middle) },
    ];
  }
  const failures = piece.failures + (outcome.isNoAttempt ? 0 : 1);
  if (settings.maximumRetryAttempts >= 0 && failures > settings.maximumRetryAttempts) {
    await giveUp(piece, records, shardId, 'RetryAttemptsExhausted', reading);
    return [];
  }
  await engine.clock.sleep(backOff(piece.refusals || failures, BACK_OFF, engine.ids.random()), signal);
  return [{ ...piece, failures }];
}

/** Gives up records older than the reader's limit and returns the others. */
async function withoutExpired<O extends Outcome>(
  piece: Piece<O>,
  shardId: string,
  reading: StreamReading<O>,
): Promise<readonly StreamRecord[]> {
  const limit = reading.settings.maximumRecordAgeSeconds;
  if (limit < 0) return piece.records;
  const before = reading.engine.clock.now() - limit * 1000;
  const expired = piece.records.filter((record) => record.createdAt < before);
  if (expired.length === 0) return piece.records;
  await giveUp(piece, expired, shardId, 'RecordAgeExceeded', reading);
  return piece.records.filter((record) => record.createdAt >= before);
}

function giveUp<O extends Outcome>(
  { attempts, outcome }: Piece<O>,
  records: readonly StreamRecord[],
  shardId: string,
  condition: GiveUpCondition,
  reading: StreamReading<O>,
): Promise<void> {
  return reading.giveUp({ records, shardId, condition, attempts, outcome });
}
