import type { Caller } from '@outbox/local-cloud-kernel';
import { conditionsHold, type RequestKeys } from './condition';
import type { PolicyDocument, Statement } from './document';
import { matchesGlob, matchesWithVariables, type VariableLookup } from './pattern';
import { matchPrincipals, spares, type PrincipalMatch } from './principal';

/** One action of one caller on one resource, with what conditions may look at. */
export interface Question {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  readonly keys: RequestKeys;
}

/** What a set of documents says. `account`: allowed to the caller's account, which is not yet the caller itself. */
export interface Verdict {
  /** The first statement that denies it. */
  readonly deniedBy: Statement | undefined;
  readonly allowed: boolean;
  readonly accountAllowed: boolean;
}

/** Asks all documents; an explicit deny anywhere is for the caller to honour before any allow. */
export function evaluate(documents: readonly PolicyDocument[], question: Question): Verdict {
  let deniedBy: Statement | undefined;
  let [allowed, accountAllowed] = [false, false];
  for (const document of documents) {
    for (const statement of document.statements) {
      const match = applies(statement, document.version, question);
      if (match === 'none') continue;
      if (statement.effect === 'Deny') deniedBy ??= statement;
      else if (match === 'direct') allowed = true;
      else accountAllowed = true;
    }
  }
  return { deniedBy, allowed, accountAllowed };
}

function applies(statement: Statement, version: PolicyDocument['version'], question: Question): PrincipalMatch {
  const match = principalMatch(statement, question.caller);
  if (match === 'none') return 'none';
  if (!actionMatches(statement, question.action)) return 'none';
  const variables: VariableLookup = version === '2012-10-17' ? (key) => question.keys.get(key) ?? [] : undefined;
  if (!resourceMatches(statement, question.resource, variables)) return 'none';
  return conditionsHold(statement.conditions, question.keys, variables) ? match : 'none';
}

function principalMatch(statement: Statement, caller: Caller): PrincipalMatch {
  if (statement.principals) return matchPrincipals(statement.principals, caller);
  if (statement.notPrincipals) return spares(statement.notPrincipals, caller) ? 'none' : 'direct';
  return 'direct';
}

function actionMatches(statement: Statement, action: string): boolean {
  const named = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => matchesGlob(pattern, action, true));
  return statement.actions ? named(statement.actions) : !named(statement.notActions ?? []);
}

/** A trust policy has no resource: it speaks of its own role. */
function resourceMatches(statement: Statement, resource: string, variables: VariableLookup): boolean {
  const named = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => matchesWithVariables(pattern, resource, variables));
  if (statement.resources) return named(statement.resources);
  if (statement.notResources) return !named(statement.notResources);
  return true;
}
