import { ARGUMENT_RULES, valuesAt, type ArgumentRule } from './argument-rules';
import type { Plan, PlannedResource } from './plan';
import { operationOf } from './resource-operations';

/** Something of a plan that the local cloud can't run. */
export interface Finding {
  readonly address: string;
  /** As in `sqs:CreateQueue`; undefined where nobody here knows the type of resource. */
  readonly operation: string | undefined;
  /** What is wrong with it, in words. */
  readonly what: string;
}

/** What a look at a plan came to. */
export interface PlanCheck {
  readonly findings: readonly Finding[];
  /** Resources of AWS that were looked at. */
  readonly looked: number;
  /** Arguments that decide, and are known only after the apply, as `address: argument`. */
  readonly unknown: readonly string[];
}

/** Says of a plan what the local cloud can't run, given the operations that it runs, as `service Operation`. */
export function checkPlan(plan: Plan, runs: ReadonlySet<string>): PlanCheck {
  const unknown: string[] = [];
  const ofAws = plan.resources.filter(({ mode, type }) => operationOf(mode, type) !== undefined);
  const findings = ofAws.flatMap((resource): readonly Finding[] => {
    const { address, mode, type } = resource;
    const operation = operationOf(mode, type);
    if (operation === undefined) return [];
    if (operation === 'unknown') return [{ address, operation: undefined, what: `${type} is not known here` }];
    const called = operation.replace(' ', ':');
    if (!runs.has(operation)) {
      const [service = ''] = operation.split(' ');
      const has = [...runs].some((each) => each.startsWith(`${service} `));
      return [{ address, operation: called, what: has ? 'is not run' : 'is of a service that is not here' }];
    }
    if (mode === 'data') return [];
    return ARGUMENT_RULES.filter((rule) => rule.type === type).flatMap((rule) => {
      const problem = judge(plan, resource, rule);
      if (problem === 'unknown') unknown.push(`${address}: ${rule.argument}`);
      return problem === undefined || problem === 'unknown' ? [] : [{ address, operation: called, what: problem }];
    });
  });
  return { findings, looked: ofAws.length, unknown };
}

function judge(plan: Plan, resource: PlannedResource, rule: ArgumentRule): string | 'unknown' | undefined {
  const { argument, mayReferTo } = rule;
  const bad = valuesAt(resource, argument).find((value) => rule.refuses(value));
  if (bad !== undefined) return `refuses ${argument} = ${JSON.stringify(bad)}`;
  if (mayReferTo === undefined || resource.unknown[argument] !== true) return undefined;
  const types = plan.referredTypes(resource, argument);
  if (types.length === 0) return 'unknown';
  const other = types.find((type) => !mayReferTo.includes(type));
  return other === undefined ? undefined : `refuses ${argument} of ${other}`;
}
