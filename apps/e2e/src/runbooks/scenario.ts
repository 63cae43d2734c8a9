import type { Stack } from '../support/stack';

/** What a person does outside of the page's commands, once they know the cause: gives back what was taken. */
export type Mend = () => Promise<unknown>;

/** A trouble that alarms tell of, and how it goes on. */
export interface Scenario {
  readonly trouble: string;
  /** Keys of the stack's `alarm_names`; each goes on. Their sections are followed in this order. */
  readonly alarms: readonly string[];
  /** What stands for a word of the page's commands. */
  readonly placeholders?: Readonly<Record<string, string>>;
  /** How far the clock goes on between two looks at the alarms; a minute unless said. */
  readonly stepMs?: number;
  /** What the commands under "Look at" print of the cause. */
  readonly shows: RegExp;
  /** What of the section can't be seen on the local cloud, and why; the stage says so. */
  readonly unseen?: string;
  /** `hours` when an alarm looks at the last hour, or its section says that it goes off by itself later. */
  readonly clearsWithin: 'minutes' | 'hours';
  /** Must not fail once something is broken: what comes back is what mends it. */
  cause(stack: Stack): Promise<Mend>;
  /** What takes until the alarms can be on, besides minutes. */
  builds?(stack: Stack): Promise<unknown>;
  /** What happens again and again while the alarms aren't on. */
  meanwhile?(stack: Stack): Promise<unknown>;
}

/** Nothing but the page's commands mends it, or time. */
export const nothingElse: Mend = () => Promise.resolve();

export const MINUTE_MS = 60_000;
