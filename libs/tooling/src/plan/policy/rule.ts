import type { Plan } from '../plan-json.ts';
import type { Planned } from './planned.ts';

/** What a rule found at one resource. `undecided`: the value is known only after the apply, the next plan will tell. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'undecided';
  readonly address: string;
  readonly problem: string;
}

/** One thing that must hold of every stack, whatever its variables. */
export interface Rule {
  readonly name: string;
  /** Why, in one sentence; shown with what breaks the rule. */
  readonly reason: string;
  readonly check: (resources: readonly Planned[], variables: Variables, plan: Plan) => readonly Finding[];
}

/** Values of the root module's variables. */
export type Variables = Readonly<Record<string, unknown>>;

/** An error at a resource. */
export function error(resource: Planned, problem: string): Finding {
  return { severity: 'error', address: resource.address, problem };
}

/** A check of every resource of one of these types, one by one. */
export function each(
  types: readonly string[],
  check: (resource: Planned) => readonly Finding[],
): (resources: readonly Planned[]) => readonly Finding[] {
  return (resources) => resources.filter(({ type }) => types.includes(type)).flatMap(check);
}
