import type { BreakName } from './breaks';

/** Dead letters that an outage may leave at a consumer until it is over; they are redriven then. */
export interface ExpectedDeadLetters {
  readonly consumer: string;
  readonly reasons: readonly string[];
}

/** A kind of outage: what is broken, for how long, and what may be seen of it. */
export interface OutageKind {
  /** In the order in which they are broken; mended in reverse. */
  readonly breaks: readonly BreakName[];
  /** Engine time, unless HOURS says otherwise; one run each. */
  readonly hours: readonly number[];
  /** None, unless named. */
  readonly deadLetters?: ExpectedDeadLetters;
  /** Whether requests to the API may fail meanwhile. */
  readonly apiMayFail?: true;
}

/** What `make chaos SCENARIO=outage` goes through, one after the other. */
export const OUTAGE_KINDS: Readonly<Record<string, OutageKind>> = {
  'pipe-stopped': { breaks: ['pipe'], hours: [2, 20] },
  'publishing-stopped': { breaks: ['pipe', 'sweeper'], hours: [20] },
  'bus-denied': { breaks: ['bus-policy'], hours: [1.5] },
  'bus-failing': { breaks: ['bus'], hours: [1.5] },
  'consumer-broken': {
    breaks: ['mail-provider'],
    hours: [24],
    deadLetters: { consumer: 'notifications', reasons: ['attempts'] },
  },
  'acknowledger-dead': { breaks: ['acknowledger'], hours: [1] },
  'engine-killed': { breaks: ['engine'], hours: [3], apiMayFail: true },
};

/** One outage to go through. */
export interface Outage extends OutageKind {
  readonly kind: string;
  readonly lengthMs: number;
}

const HOUR_MS = 3_600_000;
/** A week's events are kept, and a queue keeps messages for four days. */
const MAX_HOURS = 72;

/**
 * The outages that OUTAGES (kinds with commas between them; all when empty) and HOURS (lengths with commas between them, for
 * each of the kinds; their own when empty) ask for.
 * @throws RangeError naming what is not known or no length
 */
export function planOutages(kinds: string | undefined, hours: string | undefined): readonly Outage[] {
  const lengths = listOf(hours).map((text) => {
    const length = Number(text);
    if (length > 0 && length <= MAX_HOURS) return length;
    throw new RangeError(`HOURS: ${text} is no number above 0 and up to ${MAX_HOURS}`);
  });
  const names = listOf(kinds);
  return (names.length > 0 ? names : Object.keys(OUTAGE_KINDS)).flatMap((kind) => {
    const known = Object.hasOwn(OUTAGE_KINDS, kind) ? OUTAGE_KINDS[kind] : undefined;
    if (known === undefined) {
      throw new RangeError(`OUTAGES: ${kind} is not known; kinds are ${Object.keys(OUTAGE_KINDS).join(', ')}`);
    }
    const own = lengths.length > 0 ? lengths : known.hours;
    return own.map((length) => ({ ...known, kind, lengthMs: length * HOUR_MS }));
  });
}

/** Engine time per step of an outage: about sixty steps each, none shorter than the sweeper's minute, nor longer than a quarter of an hour. */
export function stepMs(lengthMs: number): number {
  const [shortest, longest, steps] = [60_000, 15 * 60_000, 60];
  return Math.min(longest, Math.max(shortest, Math.ceil(lengthMs / steps / shortest) * shortest));
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
