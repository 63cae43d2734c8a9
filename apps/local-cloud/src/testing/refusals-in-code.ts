import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

/** Something that an operation refuses, as the code says it. */
export interface Refusal {
  readonly service: string;
  /** Empty where the code serves several. */
  readonly operation: string;
  /** In words; `…` stands for what a request said. */
  readonly what: string;
}

const LIBS = join(__dirname, '../../../../libs/local-cloud');

/** Where a service's code is. */
const FOLDERS: readonly (readonly [service: string, folder: string])[] = [
  ['apigatewayv2', 'compute/src/api'],
  ['cloudwatch', 'observability/src/cloudwatch'],
  ['cloudwatch', 'observability/src/metrics'],
  ['dynamodb', 'data/src'],
  ['events', 'messaging/src/events'],
  ['iam', 'identity/src/iam'],
  ['kms', 'identity/src/kms'],
  ['lambda', 'compute/src/lambda'],
  ['lambda', 'compute/src/runtime'],
  ['logs', 'observability/src/logs'],
  ['pipes', 'messaging/src/pipes'],
  ['s3', 'storage/src'],
  ['s3', 'wire/src/s3'],
  ['scheduler', 'messaging/src/scheduler'],
  ['secretsmanager', 'configuration/src/secrets'],
  ['sns', 'messaging/src/sns'],
  ['sqs', 'messaging/src/sqs'],
  ['ssm', 'configuration/src/parameters'],
  ['sts', 'identity/src/sts'],
];

const OTHERS = 'every option that it doesn’t name';

/** Every refusal that the code of the services throws by name, in order and once. */
export function refusalsInCode(): readonly Refusal[] {
  const found = FOLDERS.flatMap(([service, folder]) =>
    sourcesIn(join(LIBS, folder)).flatMap((source) => refusalsIn(service, source)),
  );
  const byText = new Map(found.map((refusal) => [JSON.stringify(refusal), refusal]));
  return [...byText.keys()].sort().flatMap((text) => byText.get(text) ?? []);
}

function sourcesIn(folder: string): ts.SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.ES2022, true));
}

function refusalsIn(service: string, source: ts.SourceFile): Refusal[] {
  const found: Refusal[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      found.push(...refusalsOfCall(service, node, node.expression.text, source));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function refusalsOfCall(
  service: string,
  call: ts.CallExpression,
  called: string,
  source: ts.SourceFile,
): readonly Refusal[] {
  const given = call.arguments;
  const named = (operation: ts.Expression | undefined, options: readonly string[]): Refusal[] =>
    options.map((what) => ({ service, operation: (operation && literal(operation)) ?? '', what }));
  const [first, second, third] = given;
  switch (called) {
    case 'unsupported':
      // A helper that refuses what it is given is told of where it is called.
      return third && !isHelper(call) ? named(second, ts.isIdentifier(third) ? [OTHERS] : wordsOf(third)) : [];
    case 'refuseOptions':
      // `(service, operation, input, ...options)`; another of that name lists no options.
      return first && literal(first) !== undefined ? named(second, namesIn(given.slice(3), source)) : [];
    case 'refuse':
      if (!second) return namesOfAlarm(service, first);
      return first && isOperation(first) ? named(first, namesIn(given.slice(2), source)) : [];
    case 'refuseUnknownOptions':
      return named(second, [OTHERS]);
    default:
      return [];
  }
}

/** Whether a call stands in a function that only refuses, by the name those have. */
function isHelper(node: ts.Node): boolean {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isFunctionDeclaration(at)) return ['refuse', 'refuseUnknownOptions'].includes(at.name?.text ?? '');
  }
  return false;
}

/** Others are called `refuse`, too, and take something else first. */
function isOperation(expression: ts.Expression): boolean {
  return literal(expression) !== undefined || (ts.isIdentifier(expression) && expression.text === 'operation');
}

/** What alarms refuse is told in words alone. */
function namesOfAlarm(service: string, what: ts.Expression | undefined): Refusal[] {
  return (what ? wordsOf(what) : []).map((each) => ({ service, operation: 'PutMetricAlarm', what: each }));
}

/** The texts an expression may have; none where only a run of the code knows. */
function wordsOf(expression: ts.Expression): string[] {
  if (ts.isTemplateExpression(expression)) {
    return [expression.head.text + expression.templateSpans.map((span) => `…${span.literal.text}`).join('')];
  }
  const text = literal(expression);
  return text === undefined ? [] : [text];
}

/** Names of options, those of lists that are spread among them. */
function namesIn(expressions: readonly ts.Node[], source: ts.SourceFile): string[] {
  return expressions.flatMap((each): string[] => {
    if (ts.isSpreadElement(each)) return namesIn([each.expression], source);
    if (ts.isArrayLiteralExpression(each)) return namesIn(each.elements, source);
    if (ts.isAsExpression(each)) return namesIn([each.expression], source);
    if (ts.isIdentifier(each)) return namesIn(constant(each.text, source), source);
    return ts.isExpression(each) ? (literal(each) === undefined ? [] : [literal(each) ?? '']) : [];
  });
}

/** What a constant of the file is made of. */
function constant(name: string, source: ts.SourceFile): ts.Node[] {
  return source.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .flatMap((each) => (each.name.getText() === name && each.initializer ? [each.initializer] : []));
}

function literal(expression: ts.Expression): string | undefined {
  return ts.isStringLiteralLike(expression) ? expression.text : undefined;
}
