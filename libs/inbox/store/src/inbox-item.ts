import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isoTime } from '@outbox/function-kit';
import type { ConsumedEvent } from './event';
import type { Intake } from './intake';

/** The flat attributes of an effect, as a consumer builds them. */
export type EffectFields = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * What stands beside every effect: which event it came from and when that passed each hop (ISO-8601), so that a trace
 * needs the tables only.
 */
export interface AppliedRecord {
  readonly eventId: string;
  readonly version: number;
  readonly type: string;
  readonly committedAt: string;
  readonly relayedAt?: string;
  readonly busAt: string;
  readonly queuedAt: string;
  readonly appliedAt: string;
  /** How often the queue had delivered the message by then. */
  readonly receives: number;
}

/** The record of an event applied at `now` (milliseconds since the epoch). */
export function appliedRecord({ message, times, receipt }: Intake<ConsumedEvent>, now: number): AppliedRecord {
  return {
    eventId: message.id,
    version: message.version,
    type: message.type,
    ...times,
    queuedAt: isoTime(receipt.queuedAt),
    appliedAt: isoTime(now),
    receives: receipt.receives,
  };
}

/** Marshals flat fields; undefined ones are left out. */
export function toItem(fields: EffectFields | AppliedRecord): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]: [string, unknown]): [string, AttributeValue][] => {
      if (typeof value === 'string') return [[name, { S: value }]];
      if (typeof value === 'number') return [[name, { N: String(value) }]];
      return typeof value === 'boolean' ? [[name, { BOOL: value }]] : [];
    }),
  );
}

/** The sort key of a subject's head. */
export const HEAD_KEY = 'INBOX';

/** The sort key of the effect of a version: sorts as the versions do. */
export function versionKey(version: number): string {
  return `EFFECT#${String(version).padStart(10, '0')}`;
}

/** The sort key of the effect of a type. */
export function typeKey(type: string): string {
  return `EFFECT#${type}`;
}
