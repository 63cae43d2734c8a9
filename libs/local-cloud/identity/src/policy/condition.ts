import { own } from '@outbox/local-cloud-kernel';
import { operators, type Compare } from './operators';
import type { VariableLookup } from './pattern';
import { PolicySyntaxError } from './policy-syntax-error';

/** The keys of a request, by lower-case name; a key that is not in the request has no values. */
export type RequestKeys = ReadonlyMap<string, readonly string[]>;

/** One key of one operator of a `Condition` block. All conditions of a statement must hold. */
export interface Condition {
  readonly key: string;
  readonly values: readonly string[];
  readonly test: (sent: readonly string[], values: readonly string[], lookup: VariableLookup) => boolean;
}

/** @throws PolicySyntaxError */
export function parseConditions(json: unknown): Condition[] {
  if (json === undefined) return [];
  return Object.entries(record(json)).flatMap(([operator, keys]) => {
    const test = parseOperator(operator);
    return Object.entries(record(keys)).map(([key, value]) => ({
      key: key.toLowerCase(),
      values: scalars(value),
      test,
    }));
  });
}

export function conditionsHold(
  conditions: readonly Condition[],
  keys: RequestKeys,
  variables: VariableLookup,
): boolean {
  return conditions.every(({ key, values, test }) => test(keys.get(key) ?? [], values, variables));
}

/**
 * `[ForAllValues:|ForAnyValue:]Operator[IfExists]`.
 * A key that is not in the request: positive operators fail, negated ones and `…IfExists` hold; `ForAllValues` holds,
 * `ForAnyValue` fails. Source: IAM user guide, "IAM JSON policy elements: Condition operators" and "multivalued keys".
 */
function parseOperator(text: string): Condition['test'] {
  const [, quantifier, name = '', ifExists] = /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(text) ?? [];
  if (name === 'Null' && !quantifier && !ifExists) {
    return (sent, values) => values.some((value) => (value.toLowerCase() === 'true') === (sent.length === 0));
  }
  const operator = own(operators, name);
  if (!operator) throw new PolicySyntaxError(`Syntax errors in policy: unknown condition operator ${text}.`);
  const one = (value: string, values: readonly string[], lookup: VariableLookup): boolean =>
    anyEqual(operator.compare, value, values, lookup) !== operator.negated;
  return (sent, values, lookup) => {
    if (sent.length === 0) {
      if (ifExists || quantifier === 'ForAllValues:') return true;
      return quantifier === undefined && operator.negated;
    }
    if (quantifier === 'ForAllValues:') return sent.every((value) => one(value, values, lookup));
    if (quantifier === 'ForAnyValue:') return sent.some((value) => one(value, values, lookup));
    // Without a quantifier a key with many values is compared as "some of them equals"; negation turns the whole round.
    return sent.some((value) => anyEqual(operator.compare, value, values, lookup)) !== operator.negated;
  };
}

function anyEqual(compare: Compare, sent: string, values: readonly string[], lookup: VariableLookup): boolean {
  return values.some((value) => compare(sent, value, lookup));
}

function scalars(json: unknown): string[] {
  const list: unknown[] = Array.isArray(json) ? json : [json];
  return list.map((value) => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw new PolicySyntaxError('Syntax errors in policy.');
  });
}

function record(json: unknown): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new PolicySyntaxError('Syntax errors in policy.');
  }
  return json as Record<string, unknown>;
}
