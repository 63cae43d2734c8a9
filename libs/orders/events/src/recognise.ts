import * as z from 'zod/mini';
import { CATALOGUE, type OrderEvent } from './catalogue';
import { describeIssues, parseEnvelope, type EventEnvelope } from '@outbox/outbox-envelope';

/** What a consumer makes of a `detail`. */
export type RecognisedOrderEvent =
  | { readonly kind: 'known'; readonly event: OrderEvent }
  | { readonly kind: 'unknown-type' | 'unknown-version'; readonly event: EventEnvelope }
  | { readonly kind: 'malformed'; readonly detail: string };

/**
 * Reads a `detail` tolerantly: unknown fields pass, an unknown type or an unknown version of a known type is told apart
 * from what is malformed. Total: whatever it is given, it answers.
 */
export function recogniseOrderEvent(detail: unknown): RecognisedOrderEvent {
  const parsed = parseEnvelope(detail);
  if (parsed.kind === 'malformed') return parsed;
  const { envelope } = parsed;
  const versions = Object.hasOwn(CATALOGUE, envelope.type) ? CATALOGUE[envelope.type] : undefined;
  if (!versions) return { kind: 'unknown-type', event: envelope };
  const schema = Object.hasOwn(versions, envelope.dataschema) ? versions[envelope.dataschema] : undefined;
  if (!schema) return { kind: 'unknown-version', event: envelope };
  const event = z.safeParse(schema, envelope);
  return event.success
    ? { kind: 'known', event: event.data }
    : { kind: 'malformed', detail: describeIssues(event.error.issues) };
}
