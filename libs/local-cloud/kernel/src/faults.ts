/** What may go wrong at a call, by chance; each kind is one a team meets on AWS. */
export const FAULT_KINDS = [
  /** The call is denied once, as after a policy was changed. */
  'deny',
  'throttle',
  'server-error',
  /** The call takes effect, the caller gets a 500. */
  'lost-answer',
  /** The call takes effect, the answer comes late. */
  'delayed-answer',
  /** The calling function's process dies before its call takes effect. */
  'kill-before-call',
  /** The calling function's process dies after its call took effect, without an answer. */
  'kill-after-call',
  /** A function's process dies when its work is done, before it answered. */
  'kill-before-answer',
  /** A function's work is done, its answer misses the timeout. */
  'timeout',
  'transaction-conflict',
  /** A cancelled transaction tells the old item of its first reason only: AWS promises no more. */
  'first-reason-only',
  /** Some entries of a PutEvents fail while the call succeeds. */
  'partial-put-events',
  /** A received message is handed to a second receiver at once. */
  'duplicate-delivery',
  /** A message is delivered later than those sent after it. */
  'reorder-delivery',
  /** The event bus takes nothing for a while: every PutEvents fails. */
  'bus-outage',
  /** One queue takes nothing for a while: every send to it fails. */
  'queue-outage',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface FaultSettings {
  readonly seed: number;
  /** Chance per opportunity, 0 to 1; kinds left out never strike. */
  readonly rates: Partial<Readonly<Record<FaultKind, number>>>;
}

/** An outage lasts for up to so many calls. */
const LONGEST_OUTAGE_CALLS = 24;

/** Decides by a seed where faults strike, and counts them. Off until `configure` is given rates. */
export class FaultPlane {
  #rates: FaultSettings['rates'] = {};
  #random = seededRandom(0);
  #active = false;
  readonly #counts = new Map<FaultKind, number>();
  /** Calls that still fail, by what is out. */
  readonly #outages = new Map<string, number>();
  #killer: (accessKeyId: string) => boolean = () => false;

  get active(): boolean {
    return this.#active;
  }

  /** Starts over with `settings`, or switches every fault off; counts are kept until the next start. */
  configure(settings: FaultSettings | undefined): void {
    this.#active = settings !== undefined;
    this.#rates = settings?.rates ?? {};
    this.#outages.clear();
    if (settings) {
      this.#random = seededRandom(settings.seed);
      this.#counts.clear();
    }
  }

  /** Whether the fault strikes now; if so it is counted. */
  strikes(kind: FaultKind): boolean {
    const rate = this.#active ? (this.#rates[kind] ?? 0) : 0;
    if (rate <= 0 || this.#random() >= rate) return false;
    this.#count(kind);
    return true;
  }

  /** Whether `resource` is out: an outage goes on, or begins now. Counted once for each outage. */
  isOut(kind: 'bus-outage' | 'queue-outage', resource: string): boolean {
    const key = `${kind} ${resource}`;
    const left = this.#outages.get(key) ?? (this.strikes(kind) ? Math.ceil(this.#random() * LONGEST_OUTAGE_CALLS) : 0);
    if (left > 1) this.#outages.set(key, left - 1);
    else this.#outages.delete(key);
    return left > 0;
  }

  /** In [0, 1), from the same seed. */
  random(): number {
    return this.#random();
  }

  counts(): Readonly<Record<FaultKind, number>> {
    return Object.fromEntries(FAULT_KINDS.map((kind) => [kind, this.#counts.get(kind) ?? 0])) as Record<
      FaultKind,
      number
    >;
  }

  /** Whoever runs function processes tells how to kill the one that holds these credentials. */
  onKill(killer: (accessKeyId: string) => boolean): void {
    this.#killer = killer;
  }

  /** Kills the function process that holds the credentials, if the fault strikes and there is one. */
  strikesProcess(kind: 'kill-before-call' | 'kill-after-call', accessKeyId: string | undefined): boolean {
    const rate = this.#active ? (this.#rates[kind] ?? 0) : 0;
    if (rate <= 0 || accessKeyId === undefined || this.#random() >= rate || !this.#killer(accessKeyId)) return false;
    this.#count(kind);
    return true;
  }

  #count(kind: FaultKind): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }
}

/** Mulberry32: small, fast and good enough to spread faults. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
