/** What may go wrong at a call, by chance: docs of the local cloud, `faults`. */
export const FAULT_KINDS = [
  'deny',
  'throttle',
  'server-error',
  'lost-answer',
  'delayed-answer',
  'kill-before-call',
  'kill-after-call',
  'kill-before-answer',
  'timeout',
  'transaction-conflict',
  'first-reason-only',
  'partial-put-events',
  'duplicate-delivery',
  'reorder-delivery',
  'bus-outage',
  'queue-outage',
] as const;

/** A kind of fault. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** How often each kind struck since faults were started. */
export type FaultCounts = Readonly<Record<FaultKind, number>>;

/** Whether faults are on, and how often each kind struck. */
export interface Faults {
  readonly active: boolean;
  readonly counts: FaultCounts;
}

/** Where it is, and the operations that it runs, by service. */
export interface Info {
  readonly account: string;
  readonly region: string;
  readonly port: number;
  readonly directory: string;
  readonly services: Readonly<Record<string, readonly string[]>>;
}

/** How it behaves where AWS leaves it open, or where accounts differ. */
export interface Settings {
  /** How late a new or changed rule of EventBridge counts. */
  readonly ruleDelayMs: number;
  /** How many functions run at a time. */
  readonly accountConcurrency: number;
}

/** Which permissions each role used so far, by the role's ARN. */
export interface Usage {
  readonly roles: Readonly<Record<string, readonly { readonly action: string; readonly resource: string }[]>>;
  /** Permissions that were asked for and stand in no table: empty, or a defect of the local cloud. */
  readonly undocumented: readonly { readonly service: string; readonly operation: string; readonly action: string }[];
}

/** A request that was denied, as often as it was. */
export interface Denial {
  /** ARN of the role, or of who else asked; a service by its name. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** AWS's own words, the kind of policy included. */
  readonly message: string;
  /** `Sid` of the statement that denies; absent where none allows, or it has none. */
  readonly statement?: string;
  readonly count: number;
  /** ISO 8601, by the local cloud's clock. */
  readonly firstAt: string;
  readonly lastAt: string;
}

/** Operations called since the start, by account and service, each with how often. */
export type Calls = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;

/** A mail that a topic sent. */
export interface Mail {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** What confirms a subscription; a mail that asks for nothing has none. */
  readonly confirmUrl?: string;
  /** ISO 8601, by the local cloud's clock. */
  readonly sentAt: string;
}

/** A message that is in a queue; looking at it changes nothing about it. */
export interface Message {
  readonly messageId: string;
  /** Its JSON, parsed, or its text where it is no JSON; undefined when it is encrypted under a key of KMS. */
  readonly body: unknown;
  /** User's attributes: their text, or bytes in base64. */
  readonly attributes: Readonly<Record<string, string>>;
  /** `waiting` to be received, `delayed`, or `in-flight`: received and neither deleted nor visible again. */
  readonly state: 'waiting' | 'delayed' | 'in-flight';
  readonly receiveCount: number;
  /** ISO 8601, by the local cloud's clock. */
  readonly sentAt: string;
}

/** A span that the collector got by OTLP. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** `service.name` of whoever sent it. */
  readonly service: string;
  /** Milliseconds since the epoch, with fractions. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** What went wrong, if it is said that something did. */
  readonly error?: string;
}

/** Claims of a token; `expiresIn` is in seconds. */
export interface Claims {
  readonly sub: string;
  readonly expiresIn?: number;
  readonly [claim: string]: unknown;
}
