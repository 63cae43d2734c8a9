/** Faults of single calls, which the local cloud injects: kind → how many are wanted, and chances for it per order. */
const CALL_FAULTS = {
  deny: { wanted: 150, perOrder: 20 },
  throttle: { wanted: 300, perOrder: 20 },
  'server-error': { wanted: 300, perOrder: 20 },
  'lost-answer': { wanted: 300, perOrder: 20 },
  'delayed-answer': { wanted: 300, perOrder: 20 },
  'kill-before-call': { wanted: 120, perOrder: 20 },
  'kill-after-call': { wanted: 120, perOrder: 20 },
  'kill-before-answer': { wanted: 120, perOrder: 5 },
  timeout: { wanted: 120, perOrder: 5 },
  'transaction-conflict': { wanted: 300, perOrder: 4 },
  'first-reason-only': { wanted: 300, perOrder: 0.3 },
  'partial-put-events': { wanted: 200, perOrder: 0.3 },
  'duplicate-delivery': { wanted: 300, perOrder: 4 },
  'reorder-delivery': { wanted: 300, perOrder: 6 },
  'bus-outage': { wanted: 80, perOrder: 0.4 },
  'queue-outage': { wanted: 80, perOrder: 5 },
} as const;

/** Disturbances the harness makes itself: one for so many orders, within limits. */
const DISTURBANCES = {
  'pipe-stopped': { everyOrders: 170, atMost: 60 },
  'rule-missing': { everyOrders: 170, atMost: 60 },
  'engine-killed': { everyOrders: 190, atMost: 55 },
  // Each moves the clock by more than a day, and what the outbox keeps of a published event is kept for days only.
  'stream-trimmed': { everyOrders: 2_000, atMost: 5 },
  // Where partners stand beside the stack; elsewhere it is skipped.
  'partners-faulty': { everyOrders: 170, atMost: 60 },
} as const;

export type CallFault = keyof typeof CALL_FAULTS;
export type DisturbanceKind = keyof typeof DISTURBANCES;

export const FAULTS: readonly string[] = [...Object.keys(CALL_FAULTS), ...Object.keys(DISTURBANCES)];

/** Rarer, and long runs would be quiet for most of the time; more often, and short ones would only repeat themselves. */
const LEAST_RATE = 0.002;
const MOST_RATE = 0.04;
/** Where chances are rare, or one in a few is no burden. */
const LIGHT: ReadonlySet<string> = new Set(['first-reason-only', 'partial-put-events', 'duplicate-delivery']);
const MOST_LIGHT_RATE = 0.3;
/** Restarts of a process take the time of everybody on a small machine. */
const COSTLY: ReadonlySet<string> = new Set(['kill-before-call', 'kill-after-call', 'kill-before-answer', 'timeout']);

export interface FaultPlan {
  readonly rates: Readonly<Record<string, number>>;
  readonly disturbances: readonly DisturbanceKind[];
}

/** What goes wrong in a run of `orders` orders, of the `wanted` kinds: about the same number of each, however long it is. */
export function planFaults(orders: number, wanted: ReadonlySet<string>): FaultPlan {
  const rates = Object.entries(CALL_FAULTS)
    .filter(([kind]) => wanted.has(kind))
    .map(([kind, fault]): [string, number] => {
      const rate = fault.wanted / (orders * fault.perOrder);
      const [least, most] = [COSTLY.has(kind) ? 0 : LEAST_RATE, LIGHT.has(kind) ? MOST_LIGHT_RATE : MOST_RATE];
      return [kind, Math.min(most, Math.max(least, rate))];
    });
  const disturbances = Object.entries(DISTURBANCES)
    .filter(([kind]) => wanted.has(kind))
    .flatMap(([kind, { everyOrders, atMost }]) => {
      const times = Math.min(atMost, Math.max(1, Math.round(orders / everyOrders)));
      return Array.from({ length: times }, () => kind as DisturbanceKind);
    });
  return { rates: Object.fromEntries(rates), disturbances };
}

/** @throws RangeError naming the kind that is not known */
export function wantedFaults(list: string | undefined): ReadonlySet<string> {
  if (list === undefined || list === '' || list === 'all') return new Set(FAULTS);
  const kinds = list === 'none' ? [] : list.split(',').map((kind) => kind.trim());
  const unknown = kinds.find((kind) => !FAULTS.includes(kind));
  if (unknown !== undefined) throw new RangeError(`FAULTS: ${unknown} is not known; kinds are ${FAULTS.join(', ')}`);
  return new Set(kinds);
}
