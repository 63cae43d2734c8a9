import type { Caller, Engine } from '@outbox/local-cloud-kernel';
import type { StreamRecord } from './stream-record';

/** How a DynamoDB stream is read, with AWS's defaults filled in. -1 means without limit. */
export interface StreamSettings {
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly maximumRecordAgeSeconds: number;
  readonly maximumRetryAttempts: number;
  readonly parallelizationFactor: number;
  readonly bisect: boolean;
}

/** How far a shard has been read: everything up to the sequence number is done. */
export interface Checkpoint {
  readonly sequenceNumber?: string;
  /** The shard has ended and was read to its end. */
  readonly finished?: boolean;
}

/** Why records are given up, as dead letters say it. */
export type GiveUpCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

/** What is left of a batch: nothing, or records to try again and why. */
export interface Outcome {
  readonly failed: readonly StreamRecord[];
  readonly error?: string;
  /** The first of those that failed is known to be the one that fails: halving would find nothing. */
  readonly isFirstKnown?: boolean;
  /** It never got as far as the target's own work, and counts as no retry. */
  readonly isNoAttempt?: boolean;
}

/** Records that are tried no more. */
export interface GivenUp<O extends Outcome> {
  readonly records: readonly StreamRecord[];
  readonly shardId: string;
  readonly condition: GiveUpCondition;
  /** How often they were tried, together or halved. */
  readonly attempts: number;
  /** Of the last attempt, when there was one. */
  readonly outcome: O | undefined;
}

/** One reader of one stream: how it reads, as whom, and what it does with a batch. */
export interface StreamReading<O extends Outcome = Outcome> {
  /** Who reads, for the engine's log. */
  readonly who: Readonly<Record<string, string>>;
  readonly streamArn: string;
  readonly region: string;
  readonly settings: StreamSettings;
  /** Patterns; without one every record passes. */
  readonly filters: readonly string[];
  /** Epoch milliseconds: where LATEST begins. */
  readonly createdAt: number;
  readonly engine: Pick<Engine, 'calls' | 'clock' | 'ids' | 'log' | 'signals'>;
  readonly signal: AbortSignal;
  readonly positions: {
    get(shardId: string): Checkpoint;
    set(shardId: string, checkpoint: Checkpoint): void;
  };
  /** The role that reads. @throws AwsError when it can't be assumed */
  as(signal?: AbortSignal): { readonly caller: Caller; readonly region: string; readonly signal?: AbortSignal };
  deliver(records: readonly StreamRecord[]): Promise<O>;
  giveUp(given: GivenUp<O>): Promise<void>;
}
