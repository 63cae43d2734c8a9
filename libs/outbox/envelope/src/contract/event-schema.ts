import * as z from 'zod/mini';
import type { AggregateType } from '../define-aggregate';
import { envelopeSchema } from '../envelope';

/** One version of one event type, as a document describes it. */
export interface DescribedEvent {
  readonly aggregateType: string;
  /** On the wire: `ParcelMoved`. */
  readonly type: string;
  readonly dataschema: string;
  /** `v1`. */
  readonly version: string;
  /** JSON Schema of the whole event, envelope and data. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Every version of every event of some aggregates. */
export function describeEvents(aggregates: readonly AggregateType[]): DescribedEvent[] {
  return aggregates.flatMap(({ aggregateType, eventTypes }) =>
    eventTypes.flatMap(({ type, schemas }) =>
      [...schemas].map(([dataschema, data]) => {
        const event = z.extend(envelopeSchema, {
          aggregatetype: z.literal(aggregateType),
          type: z.literal(type),
          dataschema: z.literal(dataschema),
          data,
        });
        return {
          aggregateType,
          type,
          dataschema,
          version: dataschema.split(':').at(-1) ?? '',
          schema: z.toJSONSchema(event, { io: 'input', unrepresentable: 'any' }),
        };
      }),
    ),
  );
}
