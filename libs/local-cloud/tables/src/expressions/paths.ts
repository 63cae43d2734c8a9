import { describePath, type Path } from './ast';
import { invalidExpression, type ExpressionKind } from './parser';
import type { Placeholders } from './placeholders';
import { isReserved } from './reserved-words';
import type { RawStep } from './syntax';
import { MAX_INDEX, MAX_STEPS } from '../limits';

/** The path with its names looked up. @throws AwsError ValidationException for reserved words and undefined placeholders */
export function resolvePath(kind: ExpressionKind, steps: readonly RawStep[], placeholders: Placeholders): Path {
  const [first = '', ...rest] = steps.map((step) => resolveStep(kind, step, placeholders));
  if (rest.length >= MAX_STEPS) {
    throw invalidExpression(
      kind,
      `The document path has too many nesting elements; nesting levels: ${rest.length + 1}`,
    );
  }
  return [String(first), ...rest];
}

function resolveStep(kind: ExpressionKind, step: RawStep, placeholders: Placeholders): string | number {
  if ('index' in step) {
    const index = Number(step.index);
    if (index <= MAX_INDEX) return index;
    throw invalidExpression(kind, `List index is not within the allowable range; index: [${step.index}]`);
  }
  if (step.name.startsWith('#')) return placeholders.name(kind, step.name);
  if (isReserved(step.name)) {
    throw invalidExpression(kind, `Attribute name is a reserved keyword; reserved keyword: ${step.name}`);
  }
  return step.name;
}

/** @throws AwsError ValidationException where one path is, or lies in, another, or takes for a list what another takes for a map */
export function checkDistinct(kind: ExpressionKind, paths: readonly Path[]): void {
  paths.forEach((one, index) => {
    for (const two of paths.slice(index + 1)) checkPair(kind, one, two);
  });
}

function checkPair(kind: ExpressionKind, one: Path, two: Path): void {
  const shared = Math.min(one.length, two.length);
  let same = 0;
  while (same < shared && one[same] === two[same]) same += 1;
  const conflicts = same > 0 && same < shared && typeof one[same] !== typeof two[same];
  if (same < shared && !conflicts) return;
  throw invalidExpression(
    kind,
    `Two document paths ${conflicts ? 'conflict' : 'overlap'} with each other; must remove or rewrite one of these paths; ` +
      `path one: ${describePath(one)}, path two: ${describePath(two)}`,
  );
}

/** @throws AwsError ValidationException where an operator's first operand comes again among the others */
export function checkFirstPath(
  kind: ExpressionKind,
  operator: string,
  first: Path,
  others: readonly { readonly kind: string; readonly path?: Path }[],
): void {
  for (const { path } of others) {
    if (!path || path.length !== first.length || !path.every((step, index) => step === first[index])) continue;
    throw invalidExpression(
      kind,
      'The first operand must be distinct from the remaining operands for this operator or function; ' +
        `operator: ${operator}, first operand: ${describePath(first)}`,
    );
  }
}
