import { parseConditions, type Condition } from './condition';
import { PolicySyntaxError } from './policy-syntax-error';
import { parsePrincipals, type Principals } from './principal';

/** One statement; exactly one of each element and its `Not…` twin is set, as far as the kind of policy has it. */
export interface Statement {
  /** Undefined for an empty one too, which is as none. */
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly principals: Principals | undefined;
  readonly notPrincipals: Principals | undefined;
  readonly actions: readonly string[] | undefined;
  readonly notActions: readonly string[] | undefined;
  readonly resources: readonly string[] | undefined;
  readonly notResources: readonly string[] | undefined;
  readonly conditions: readonly Condition[];
}

export interface PolicyDocument {
  /** Variables exist since 2012-10-17; without a version a document counts as 2008-10-17. */
  readonly version: '2008-10-17' | '2012-10-17';
  readonly statements: readonly Statement[];
}

/** Where a policy is attached, which decides on the elements it must and must not have. */
export type PolicyKind = 'identity' | 'trust' | 'resource';

const parsed = new Map<string, PolicyDocument>();
const PARSED_LIMIT = 1_000;

const DOCUMENT_MEMBERS = new Set(['Version', 'Id', 'Statement']);
const STATEMENT_MEMBERS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

/**
 * Reads the text of a policy by IAM's grammar.
 * @throws PolicySyntaxError where the text is no policy of that kind.
 */
export function parsePolicy(text: string, kind: PolicyKind): PolicyDocument {
  const key = `${kind}:${text}`;
  const known = parsed.get(key);
  if (known) return known;
  const document = readDocument(text, kind);
  if (parsed.size >= PARSED_LIMIT) parsed.clear();
  parsed.set(key, document);
  return document;
}

function readDocument(text: string, kind: PolicyKind): PolicyDocument {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new PolicySyntaxError('This policy contains invalid Json', { cause });
  }
  const document = members(json, DOCUMENT_MEMBERS);
  const version = document['Version'] ?? '2008-10-17';
  if (version !== '2008-10-17' && version !== '2012-10-17') {
    throw new PolicySyntaxError('The policy must contain a valid version string');
  }
  const statements = listOf(document['Statement']);
  if (statements.length === 0) throw new PolicySyntaxError('Syntax errors in policy.');
  return { version, statements: statements.map((statement) => readStatement(statement, kind)) };
}

function readStatement(json: unknown, kind: PolicyKind): Statement {
  const statement = members(json, STATEMENT_MEMBERS);
  const effect = statement['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') throw new PolicySyntaxError('Syntax errors in policy.');
  exactlyOne(statement, 'Action', 'NotAction', 'Policy statement must contain actions.');
  const hasPrincipal = statement['Principal'] !== undefined || statement['NotPrincipal'] !== undefined;
  const hasResource = statement['Resource'] !== undefined || statement['NotResource'] !== undefined;
  if (kind === 'identity') {
    if (hasPrincipal) throw new PolicySyntaxError('Policy document should not specify a principal.');
    exactlyOne(statement, 'Resource', 'NotResource', 'Policy statement must contain resources.');
  } else {
    exactlyOne(statement, 'Principal', 'NotPrincipal', 'Missing required field Principal');
    if (kind === 'trust' && hasResource) throw new PolicySyntaxError('Has prohibited field Resource');
  }
  const sid = statement['Sid'] ?? '';
  if (typeof sid !== 'string') throw new PolicySyntaxError('Syntax errors in policy.');
  return {
    sid: sid || undefined,
    effect,
    principals: principals(statement['Principal']),
    notPrincipals: principals(statement['NotPrincipal']),
    actions: actions(statement['Action']),
    notActions: actions(statement['NotAction']),
    resources: strings(statement['Resource']),
    notResources: strings(statement['NotResource']),
    conditions: parseConditions(statement['Condition']),
  };
}

function exactlyOne(statement: Record<string, unknown>, name: string, twin: string, missing: string): void {
  const count = Number(statement[name] !== undefined) + Number(statement[twin] !== undefined);
  if (count === 0) throw new PolicySyntaxError(missing);
  if (count === 2) throw new PolicySyntaxError('Syntax errors in policy.');
}

function principals(json: unknown): Principals | undefined {
  return json === undefined ? undefined : parsePrincipals(json);
}

function actions(json: unknown): readonly string[] | undefined {
  const names = strings(json);
  for (const name of names ?? []) {
    if (name !== '*' && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(name)) {
      throw new PolicySyntaxError(`Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.`);
    }
  }
  return names;
}

function strings(json: unknown): readonly string[] | undefined {
  if (json === undefined) return undefined;
  const list = listOf(json);
  if (list.length === 0 || !list.every((item) => typeof item === 'string')) {
    throw new PolicySyntaxError('Syntax errors in policy.');
  }
  return list;
}

function members(json: unknown, known: ReadonlySet<string>): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new PolicySyntaxError('Syntax errors in policy.');
  }
  for (const name of Object.keys(json)) {
    if (!known.has(name)) throw new PolicySyntaxError(`Syntax errors in policy: unknown element ${name}.`);
  }
  return json as Record<string, unknown>;
}

function listOf(json: unknown): unknown[] {
  if (json === undefined) return [];
  return Array.isArray(json) ? json : [json];
}
