import { parseEnvelope, type EventEnvelope } from '@outbox/events';
import type { SQSRecord } from 'aws-lambda';

/** What a queue says of a message; times in milliseconds since the epoch. */
export interface Receipt {
  readonly messageId: string;
  readonly body: string;
  readonly firstReceivedAt: number;
  readonly receives: number;
}

/** `replay`: an event from an archive says nothing about the outbox. */
export type Sighting =
  | { readonly kind: 'published'; readonly receipt: Receipt; readonly event: EventEnvelope }
  | { readonly kind: 'replay'; readonly receipt: Receipt }
  | { readonly kind: 'malformed'; readonly receipt: Receipt; readonly detail: string };

/** Reads one SQS record whose body is EventBridge's envelope around an event of `source`. Total. */
export function readSighting(record: SQSRecord, source: string): Sighting {
  const receipt = readReceipt(record);
  const malformed = (detail: string): Sighting => ({ kind: 'malformed', receipt, detail });
  const bus = parseObject(record.body);
  if (!bus || !('detail' in bus)) return malformed('the body is not an EventBridge event');
  if (bus['source'] !== source) return malformed(`its source is ${JSON.stringify(bus['source'])}, not ${source}`);
  if ('replay-name' in bus) return { kind: 'replay', receipt };
  const parsed = parseEnvelope(bus['detail']);
  return parsed.kind === 'envelope' ? { kind: 'published', receipt, event: parsed.envelope } : malformed(parsed.detail);
}

function readReceipt({ messageId, body, attributes }: SQSRecord): Receipt {
  return {
    messageId,
    body,
    firstReceivedAt: Number(attributes.ApproximateFirstReceiveTimestamp),
    receives: Number(attributes.ApproximateReceiveCount),
  };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
