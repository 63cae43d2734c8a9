/** `beginning`: a subject starts at version 1. `first-seen`: one whose beginning never comes is taken up where it is. */
export type InOrderStart = 'beginning' | 'first-seen';

/** How a consumer treats the events of one subject; see the decision function of each. */
export type Policy =
  | { readonly kind: 'once' }
  | {
      readonly kind: 'in-order';
      readonly start: InOrderStart;
      /** How long a message may wait for its predecessors, counted from its first delivery. */
      readonly parkBudgetSeconds: number;
      /** Whether the outbox can be asked for a predecessor that doesn't come. */
      readonly asksOutbox?: boolean;
    }
  | { readonly kind: 'latest' };

/** The words a consumer's policy is configured with. */
export const POLICY_KINDS = ['once', 'in-order', 'latest'] as const satisfies readonly Policy['kind'][];

/** Longer than a predecessor's worst honest delay: one hour. */
export const DEFAULT_PARK_BUDGET_SECONDS = 3_600;
