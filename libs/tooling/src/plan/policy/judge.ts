import type { Plan } from '../plan-json.ts';
import { knownSource, leastPrivilege, noPublicWrite, tlsOnly } from './access-rules.ts';
import { encryption, logRetention, tags } from './data-rules.ts';
import { batchFailures, deadLetters } from './delivery-rules.ts';
import { keptData } from './kept-data.ts';
import { keptPolicy } from './kept-policy.ts';
import { plannedResources } from './planned.ts';
import type { Finding, Rule } from './rule.ts';

/**
 * Every rule, in the order they are reported.
 * @param accepted addresses that may be destroyed though they hold data
 */
export const rulesOf = (accepted: readonly string[]): readonly Rule[] => [
  keptData(accepted),
  keptPolicy,
  noPublicWrite,
  leastPrivilege,
  knownSource,
  tlsOnly,
  encryption,
  deadLetters,
  batchFailures,
  logRetention,
  tags,
];

/** What one rule found in a plan. */
export interface Verdict {
  readonly rule: Rule;
  readonly findings: readonly Finding[];
}

/**
 * Judges what the plan destroys, and the stack as it will be once the plan is applied: a verdict for every rule.
 * @param accepted addresses of resources or modules that may be destroyed though they hold data
 */
export function judge(plan: Plan, accepted: readonly string[] = []): readonly Verdict[] {
  const resources = plannedResources(plan);
  const variables = Object.fromEntries(Object.entries(plan.variables ?? {}).map(([name, { value }]) => [name, value]));
  return rulesOf(accepted).map((rule) => ({ rule, findings: rule.check(resources, variables, plan) }));
}

/** Whether a rule is broken; warnings and what is undecided don't count. */
export function isBroken({ findings }: Verdict): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

const titles = { error: 'BROKEN', warning: 'Warning', undecided: 'Not decided yet' } as const;

/** The verdicts for people: rules that found something with what they found, else one line. */
export function renderVerdicts(verdicts: readonly Verdict[], format: 'text' | 'markdown'): string {
  const broken = verdicts.filter(isBroken).length;
  const headline =
    broken === 0
      ? `Policy: ${verdicts.length} rules hold.`
      : `Policy: ${broken} of ${verdicts.length} rules are BROKEN.`;
  const found = verdicts.filter(({ findings }) => findings.length > 0);
  const markdown = format === 'markdown';
  const blocks = found.map(({ rule, findings }) => {
    const lines = findings.map(({ severity, address, problem }) =>
      markdown ? `- ${titles[severity]}: \`${address}\` ${problem}` : `  ${titles[severity]}: ${address} ${problem}`,
    );
    const title = `${rule.name}: ${rule.reason}`;
    return markdown ? `### ${title}\n\n${lines.join('\n')}` : `${title}\n${lines.join('\n')}`;
  });
  return [headline, ...blocks].join('\n\n');
}
