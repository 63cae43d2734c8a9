import type { Finding, Rule } from './rule.ts';

/** No plan gives a consumer another policy over the table that it has. */
export const keptPolicy: Rule = {
  name: 'kept-policy',
  reason:
    'Each policy remembers other things in a consumer’s table: under another one, events would be done twice or wait for ever. Add a consumer of another name, have it begin (outboxctl join), then remove this one.',
  check: (_resources, _variables, plan) =>
    (plan.resource_changes ?? []).flatMap(({ address, type, change }): readonly Finding[] => {
      if (type !== 'aws_lambda_function') return [];
      const [before, after] = [policyOf(change.before), policyOf(change.after)];
      if (before === undefined || after === undefined || before === after) return [];
      return [
        { severity: 'error', address, problem: `would treat its events as ${after}, and treats them as ${before}` },
      ];
    }),
};

/** The policy in a function's environment; undefined where there is none, or it isn't known yet. */
function policyOf(function_: unknown): string | undefined {
  const [environment] = (function_ as { environment?: readonly Environment[] } | null)?.environment ?? [];
  const policy = environment?.variables?.['CONSUMER_POLICY'];
  return typeof policy === 'string' ? policy : undefined;
}

interface Environment {
  readonly variables?: Readonly<Record<string, unknown>> | null;
}
