import type { AwsError } from './errors';
import type { RequestContext, Service } from './service';
import type { ServiceName } from './sdk';

/** What may go wrong at any call, by chance; each kind is one a team meets on AWS. */
const GENERAL_FAULTS = [
  /** The call is denied once, as after a policy was changed. */
  'deny',
  'throttle',
  'server-error',
  /** The call takes effect, the caller gets a 500. */
  'lost-answer',
  /** The call takes effect, the answer comes late. */
  'delayed-answer',
  /** The calling process dies before its call takes effect. */
  'kill-before-call',
  /** The calling process dies after its call took effect, without an answer. */
  'kill-after-call',
] as const;

/** What one service adds to faults. Nothing of it is asked unless faults are on and the call is one they may strike. */
export interface ServiceFaults {
  /** Kinds of its own, which it has strike in `around` or at its own work. */
  readonly kinds?: readonly string[];
  /** Its calls are no hops of the stack: none is struck. */
  readonly isSpared?: true;
  /** How it throttles, and the code of its server errors, where it has words of its own. */
  readonly throttled?: () => AwsError;
  readonly serverErrorCode?: string;
  /** A call that `deny` must not strike. */
  readonly isNeverDenied?: (context: RequestContext, input: FaultyInput) => boolean;
  /** Runs the call, as its own kinds strike: with another input or result, or not at all. */
  readonly around?: (faults: FaultPlane, context: RequestContext, input: FaultyInput, run: RunCall) => Promise<unknown>;
}

/** A call's input, as whatever strikes it takes it apart. */
export type FaultyInput = Readonly<Record<string, unknown>>;
export type RunCall = (input: unknown) => Promise<unknown>;

export interface FaultSettings {
  readonly seed: number;
  /** Chance per opportunity, 0 to 1; kinds left out never strike. */
  readonly rates: Readonly<Record<string, number>>;
}

/** An outage lasts for up to so many calls. */
const LONGEST_OUTAGE_CALLS = 24;

/** Decides by a seed where faults strike, and counts them. Off until `configure` is given rates. */
export class FaultPlane {
  #rates: FaultSettings['rates'] = {};
  #random = seededRandom(0);
  #active = false;
  readonly #counts = new Map<string, number>();
  /** Calls that still fail, by what is out. */
  readonly #outages = new Map<string, number>();
  #killer: (accessKeyId: string) => boolean = () => false;

  /** @param services whose kinds there are beside the general ones */
  constructor(private readonly services: () => Iterable<Pick<Service<ServiceName>, 'faults'>> = () => []) {}

  /** Everything that may strike. */
  get kinds(): readonly string[] {
    return [...GENERAL_FAULTS, ...[...this.services()].flatMap(({ faults }) => faults?.kinds ?? [])];
  }

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
  strikes(kind: string): boolean {
    const rate = this.#active ? (this.#rates[kind] ?? 0) : 0;
    if (rate <= 0 || this.#random() >= rate) return false;
    this.#count(kind);
    return true;
  }

  /** Whether `resource` is out: an outage goes on, or begins now. Counted once for each outage. */
  isOut(kind: string, resource: string): boolean {
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

  /** How often each kind struck since the last start. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.kinds.map((kind) => [kind, this.#counts.get(kind) ?? 0]));
  }

  /** Whoever runs processes tells how to kill the one that holds these credentials. */
  onKill(killer: (accessKeyId: string) => boolean): void {
    this.#killer = killer;
  }

  /** Kills the process that holds the credentials, if the fault strikes and there is one. */
  strikesProcess(kind: 'kill-before-call' | 'kill-after-call', accessKeyId: string | undefined): boolean {
    const rate = this.#active ? (this.#rates[kind] ?? 0) : 0;
    if (rate <= 0 || accessKeyId === undefined || this.#random() >= rate || !this.#killer(accessKeyId)) return false;
    this.#count(kind);
    return true;
  }

  #count(kind: string): void {
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
