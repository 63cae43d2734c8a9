import { parseEnvelope, type EventEnvelope } from '@outbox/outbox-envelope';
import type { Malformed, Receipt } from '@outbox/function-kit';

/** `replay`: an event from an archive says nothing about the outbox. */
export type Sighting =
  | { readonly kind: 'published'; readonly receipt: Receipt; readonly event: EventEnvelope }
  | { readonly kind: 'replay'; readonly receipt: Receipt };

/** Reads a message whose body is EventBridge's envelope around an event of `source`. Total. */
export function readSighting(receipt: Receipt, source: string): Sighting | Malformed {
  const malformed = (detail: string): Malformed => ({ kind: 'malformed', receipt, detail });
  const bus = parseObject(receipt.body);
  if (!bus || !('detail' in bus)) return malformed('the body is not an EventBridge event');
  if (bus['source'] !== source) return malformed(`its source is ${JSON.stringify(bus['source'])}, not ${source}`);
  if ('replay-name' in bus) return { kind: 'replay', receipt };
  const parsed = parseEnvelope(bus['detail']);
  return parsed.kind === 'envelope' ? { kind: 'published', receipt, event: parsed.envelope } : malformed(parsed.detail);
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
