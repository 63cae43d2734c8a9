import { parseExactJson, type JsonObject } from '@outbox/local-cloud-pattern';

/** An event as the bus keeps it. `detail` stays the text that was sent, so that numbers survive exactly. */
export interface BusEvent {
  readonly id: string;
  readonly detailType: string;
  readonly source: string;
  readonly account: string;
  /** Epoch milliseconds; the envelope shows whole seconds. */
  readonly time: number;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: string;
  readonly replayName?: string;
  /** It came from another bus, and goes to no third one. */
  readonly isForwarded?: boolean;
}

/** The JSON text targets get: AWS's envelope, member order included. */
export function envelopeText(event: BusEvent): string {
  const head = JSON.stringify({
    version: '0',
    id: event.id,
    'detail-type': event.detailType,
    source: event.source,
    account: event.account,
    time: envelopeTime(event.time),
    region: event.region,
    resources: event.resources,
    ...(event.replayName === undefined ? {} : { 'replay-name': event.replayName }),
  });
  return `${head.slice(0, -1)},"detail":${event.detail}}`;
}

/** The same as a value, for matching and input paths. */
export function envelope(event: BusEvent): JsonObject {
  return parseExactJson(envelopeText(event)) as JsonObject;
}

/** `2026-01-31T12:00:00Z`: EventBridge cuts the milliseconds off. */
export function envelopeTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
