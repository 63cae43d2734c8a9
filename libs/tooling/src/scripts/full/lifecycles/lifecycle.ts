import type { Names } from './names.ts';

/** How an apply is ended before it is done: as Ctrl-C does, or by a kill that spares nobody. */
export type Kill = 'SIGINT' | 'SIGKILL';

/** One way in which a stack is changed in its life: what is done, and what may happen meanwhile. */
export interface Lifecycle {
  /** What is changed, in words. */
  readonly name: string;
  /** Terraform's variables for it, over those that every lifecycle has; the next lifecycle starts from those again. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Addresses of resources that are made anew. */
  readonly replace?: readonly string[];
  /** What somebody deletes by hand before the apply. */
  readonly deleteByHand?: (names: Names) => readonly (() => Promise<unknown>)[];
  /** How the apply is ended half-way; then it is run again. */
  readonly killedBy?: Kill;
  /** Whether it is applied twice at once, as two people would. */
  readonly atOnce?: boolean;
  /** Why clients may be refused meanwhile; left out, every request is accepted. */
  readonly interrupts?: string;
}
