import * as z from 'zod';

/** Where records that a pipe gave up stand in the stream of the outbox's table. */
export interface StreamPosition {
  /** Why it gave them up, as the pipe says. */
  readonly condition: string;
  readonly streamArn: string;
  readonly shardId: string;
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
  readonly batchSize: number;
}

/** As a pipe writes it (EventBridge user guide, "Dead-letter queue behavior": the batch's place, not its records). */
const schema = z.object({
  context: z.object({ condition: z.string() }),
  DDBStreamBatchInfo: z.object({
    streamArn: z.string(),
    shardId: z.string(),
    startSequenceNumber: z.string().regex(/^\d+$/),
    endSequenceNumber: z.string().regex(/^\d+$/),
    batchSize: z.number(),
  }),
});

/** The place that a dead letter of a pipe names; undefined when it names none. */
export function readPosition(body: unknown): StreamPosition | undefined {
  const { data } = schema.safeParse(body);
  return data && { condition: data.context.condition, ...data.DDBStreamBatchInfo };
}
