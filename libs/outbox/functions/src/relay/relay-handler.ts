import { isoTime, type Clock, type Logger, type Metrics } from '@outbox/function-kit';
import { relay, UnreadableRecord, type RelayedRecord, type StreamRecord } from '@outbox/outbox-rules';

/** The outside world of outbox-relay, made once in `main.ts`. */
export interface RelayPorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export type RelayHandler = (records: unknown) => Promise<RelayedRecord[]>;

/** The pipe did not hand over an array of records. */
export class NotABatch extends Error {
  override readonly name = 'NotABatch';
}

/**
 * The pipe's enrichment: one element for each record, in order, or an error for the whole batch. A pipe takes an
 * answer that is empty or too short as "drop", so nothing here may answer less than it was asked.
 * @throws UnreadableRecord and the batch is retried in halves until the record stands alone
 */
export function createRelayHandler({ clock, logger, metrics }: RelayPorts): RelayHandler {
  return async (records) => {
    if (!Array.isArray(records)) throw new NotABatch(`expected an array of stream records, got ${typeof records}`);
    try {
      const now = clock.now();
      const relayed = records.map((record: StreamRecord) => relay(record, isoTime(now)));
      for (const { detail } of relayed) metrics.milliseconds('RelayLag', Math.max(0, now - Date.parse(detail.time)));
      metrics.count('EventsRelayed', relayed.length);
      return relayed;
    } catch (error) {
      metrics.count('UnreadableRecords');
      if (error instanceof UnreadableRecord)
        logger.error('unreadable stream record', { error, record: error.eventId, item: error.item });
      throw error;
    } finally {
      metrics.flush();
    }
  };
}
