import type { Environment } from './environment';
import type { FunctionTarget, Invocation, InvocationResult } from './invocation';

interface Pending {
  readonly invocation: Invocation;
  readonly resolve: (result: InvocationResult) => void;
  readonly reject: (error: unknown) => void;
}

export interface PoolPorts {
  /** Calls back when a process may start; the callback answers false when it isn't needed any more. */
  requestStart(start: () => boolean): void;
  /** Calls back at once if a process may start now without another one's end; answers whether one was started. */
  tryStart(start: () => boolean): boolean;
  /** Calls back once a process may start that no event waits for; the callback answers false when it isn't needed. */
  startWhenQuiet(start: () => boolean): void;
  /** @throws AwsError when it can't be built, e.g. because the role is gone. */
  createEnvironment(target: FunctionTarget, events: { ready(): void; ended(): void }): Environment;
  /** Balance what was started: the process is ready or gone, the process is gone. */
  started(): void;
  ended(): void;
  /** A process has nothing to do. */
  idle(): void;
  /** Calls back after a time without work, to end an environment; answers a cancelling function. */
  afterIdle(action: () => void): () => void;
  /** Calls back when an event has waited long enough for a busy environment; answers a cancelling function. */
  afterWaiting(action: () => void): () => void;
  /** Whether the machine has no time left for one more. */
  isBusy(): boolean;
  /** Whether an environment is too old to be used again (its credentials run out). */
  isStale(environment: Environment): boolean;
}

/** After so many waits in which no environment got done, one more is started on a busy machine, too. */
const STUCK = 5;

/**
 * The environments of one revision of one version, and the events that wait for one. An event goes to whichever is free
 * first, warm or new. AWS starts a new one as soon as all are busy; on one machine a start takes longer than most
 * events do and slows all others down, so an event waits a moment for a warm one first, and longer while the machine has
 * no time left and the warm ones get done with events: one more would only take from them. A retired pool finishes what
 * it has and ends.
 */
export class Pool {
  readonly #pending: Pending[] = [];
  readonly #environments = new Set<Environment>();
  readonly #idle = new Map<Environment, () => void>();
  #requested = 0;
  #starting = 0;
  /** How many times in a row events waited a moment and no environment got done with one. */
  #stuck = 0;
  #cancelGrowth: (() => void) | undefined;
  #retired = false;
  #onEmpty: (() => void)[] = [];
  #onChange: (() => void)[] = [];

  constructor(
    readonly target: FunctionTarget,
    private readonly ports: PoolPorts,
  ) {}

  run(invocation: Invocation): Promise<InvocationResult> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ invocation, resolve, reject });
      this.#assign();
    });
  }

  /** Has an environment started that the first event will find, as soon as nothing else is started. */
  prepare(): void {
    this.ports.startWhenQuiet(() => {
      const isWanted = !this.#retired && this.#environments.size + this.#requested === 0;
      return isWanted && this.#create();
    });
  }

  /**
   * Resolves when another event would be run at once, or be the first to wait after a moment in which it would not have
   * been: a longer one on a machine without time left, as with a start. Batches grow in their queues meanwhile.
   */
  async whenFree(): Promise<void> {
    let isOver = false;
    const isFree = (): boolean =>
      this.#pending.length === 0 && (isOver || this.#environments.size === 0 || this.#idle.size > 0);
    if (isFree()) return;
    const cancel = this.#afterMoments(STUCK, () => {
      isOver = true;
      this.#tellChange();
    });
    while (!isFree()) await new Promise<void>((resolve) => this.#onChange.push(resolve));
    cancel();
  }

  /** Ends the environment that was idle longest; false when none is idle. */
  evictOne(): boolean {
    const [first] = this.#idle.keys();
    if (!first) return false;
    this.#end(first);
    return true;
  }

  /** No new environment stays: each ends once nothing waits. Resolves when the last is gone. */
  async retire(): Promise<void> {
    this.#retired = true;
    if (this.#pending.length === 0) for (const environment of [...this.#idle.keys()]) this.#end(environment);
    if (this.#environments.size === 0 && this.#pending.length === 0) return;
    await new Promise<void>((resolve) => this.#onEmpty.push(resolve));
  }

  /** Calls back after a moment, on a busy machine after so many; returns a cancelling function. */
  #afterMoments(most: number, action: () => void): () => void {
    let cancel = this.ports.afterWaiting(() => {
      if (most <= 1 || !this.ports.isBusy()) action();
      else cancel = this.#afterMoments(most - 1, action);
    });
    return () => cancel();
  }

  #tellChange(): void {
    const waiting = this.#onChange;
    this.#onChange = [];
    for (const resolve of waiting) resolve();
  }

  #assign(): void {
    for (const environment of [...this.#idle.keys()].reverse()) {
      if (this.ports.isStale(environment)) this.#end(environment);
      else if (this.#pending.length > 0) this.#give(environment);
    }
    if (this.#environments.size + this.#requested === 0 && this.#pending.length > 0) {
      this.#requested += 1;
      this.ports.requestStart(() => {
        this.#requested -= 1;
        return this.#start();
      });
    }
    this.#watchGrowth();
  }

  /** Has environments started as long as events wait and nothing starts for them. */
  #watchGrowth(): void {
    if (this.#pending.length === 0) {
      this.#cancelGrowth?.();
      this.#cancelGrowth = undefined;
      this.#tellChange();
    } else if (this.#requested + this.#starting === 0) {
      this.#cancelGrowth ??= this.#growLater();
    }
  }

  #growLater(): () => void {
    return this.ports.afterWaiting(() => {
      this.#cancelGrowth = undefined;
      this.#stuck += 1;
      const mayStart = this.#stuck >= STUCK || !this.ports.isBusy();
      if (mayStart) this.ports.tryStart(() => this.#start());
      this.#watchGrowth();
    });
  }

  #start(): boolean {
    return this.#pending.length > this.#starting && this.#create();
  }

  #create(): boolean {
    this.#starting += 1;
    let isReady = false;
    const settle = (): void => {
      if (isReady) return;
      isReady = true;
      this.#starting -= 1;
      this.ports.started();
    };
    try {
      const environment = this.ports.createEnvironment(this.target, {
        ready: () => {
          if (isReady) this.#stuck = 0;
          settle();
          this.#onReady(environment);
        },
        ended: () => {
          settle();
          this.#onEnded(environment);
        },
      });
      this.#environments.add(environment);
      return true;
    } catch (error) {
      this.#starting -= 1;
      // What can't be built for one can't be built for the next; those that are there may go on.
      const failed = this.#pending.splice(0, this.#environments.size === 0 ? Infinity : 1);
      for (const { reject } of failed) reject(error);
      this.#watchGrowth();
      return false;
    }
  }

  #onReady(environment: Environment): void {
    const stale = this.ports.isStale(environment);
    if (!stale && this.#pending.length > 0) this.#give(environment);
    else if (stale || this.#retired) this.#end(environment);
    else {
      this.#idle.set(
        environment,
        this.ports.afterIdle(() => this.#end(environment)),
      );
      this.ports.idle();
    }
    if (stale) this.#assign();
    else this.#watchGrowth();
  }

  #give(environment: Environment): void {
    this.#idle.get(environment)?.();
    this.#idle.delete(environment);
    const next = this.#pending.shift();
    if (next) void environment.run(next.invocation).then(next.resolve);
    this.#watchGrowth();
  }

  #end(environment: Environment): void {
    this.#idle.get(environment)?.();
    this.#idle.delete(environment);
    environment.kill();
  }

  #onEnded(environment: Environment): void {
    this.#idle.get(environment)?.();
    this.#idle.delete(environment);
    this.#environments.delete(environment);
    this.ports.ended();
    if (environment.hasFailedInit) {
      const next = this.#pending.shift();
      next?.resolve(environment.failInit(next.invocation));
    }
    this.#assign();
    if (this.#environments.size === 0 && this.#pending.length === 0) {
      const waiting = this.#onEmpty;
      this.#onEmpty = [];
      for (const resolve of waiting) resolve();
    }
  }
}
