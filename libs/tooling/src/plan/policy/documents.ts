import { isRecord } from '../plan-json.ts';
import { type Planned, valueAt } from './planned.ts';
import type { Finding } from './rule.ts';

/** A statement of a policy document, its one-or-many members as lists. */
export interface Statement {
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** `*`, or `Service:lambda.amazonaws.com` for each principal. */
  readonly principals: readonly string[];
  /** Names of condition keys, in lower case: IAM doesn't tell their case apart. */
  readonly conditionKeys: readonly string[];
  /** Has NotAction, NotResource or NotPrincipal: it covers all but what it names. */
  readonly inverted: boolean;
  readonly condition: Readonly<Record<string, unknown>>;
}

/**
 * Checks each statement of the document in `attribute`. A document that is unknown until the apply is undecided, one
 * that is unset has nothing to check.
 */
export function checkStatements(
  resource: Planned,
  attribute: string,
  check: (statement: Statement) => readonly Finding[],
): readonly Finding[] {
  const document = valueAt(resource, attribute);
  if (!document.known) {
    return [
      { severity: 'undecided', address: resource.address, problem: `${attribute} is known only after the apply` },
    ];
  }
  if (document.value === null || document.value === '') return [];
  return statementsOf(document.value).flatMap(check);
}

/** Statements of an IAM policy document as JSON text. @throws SyntaxError when it is no JSON: the provider refuses that too */
export function statementsOf(document: unknown): readonly Statement[] {
  const parsed: unknown = JSON.parse(String(document));
  const statements = isRecord(parsed) ? asList(parsed['Statement']) : [];
  return statements.filter(isRecord).map((statement) => {
    const condition = isRecord(statement['Condition']) ? statement['Condition'] : {};
    return {
      allows: statement['Effect'] === 'Allow',
      actions: asList(statement['Action']).map(String),
      resources: asList(statement['Resource']).map(String),
      principals: principalsOf(statement['Principal']),
      conditionKeys: Object.values(condition)
        .filter(isRecord)
        .flatMap(Object.keys)
        .map((key) => key.toLowerCase()),
      inverted: ['NotAction', 'NotResource', 'NotPrincipal'].some((member) => member in statement),
      condition,
    };
  });
}

function principalsOf(principal: unknown): readonly string[] {
  if (!isRecord(principal)) return asList(principal).map(String);
  return Object.entries(principal).flatMap(([kind, names]) =>
    asList(names).map((name) => (name === '*' ? '*' : `${kind}:${String(name)}`)),
  );
}

function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
