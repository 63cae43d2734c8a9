import { InvalidEventPattern, notJsonReason, sourceLocation } from './errors';
import { flatten, together, type Leaf, type Leaves } from './flatten';
import { isJsonObject, parseForMatching, type Json, type JsonObject } from './json';
import { parseMatcher } from './match-expression';
import { matchesLeaf, type Matcher } from './matcher';

/** A pattern ready to be asked about events. */
export interface EventPattern {
  /** @param event exactly parsed, so that numbers beyond a double's precision aren't taken for others */
  matches(event: JsonObject): boolean;
}

/** One way to satisfy the pattern: every path needs one of its matchers. `$or` makes several. */
type Branch = ReadonlyMap<string, readonly Matcher[]>;

const OR = '$or';
/** Names no field may have inside `$or`: the operators, and what Event Ruler keeps for later ones. */
const RESERVED_IN_OR: ReadonlySet<string> = new Set([
  'exactly',
  'equals-ignore-case',
  'prefix',
  'suffix',
  'anything-but',
  'exists',
  'wildcard',
  'numeric',
  'cidr',
  '=',
  '<',
  '<=',
  '>',
  '>=',
  'regex',
  'not-wildcard',
  'not-equals-ignore-case',
  'date-after',
  'date-on-or-after',
  'date-before',
  'date-on-or-before',
  'in-date-range',
  'ip-address-in-range',
  'ip-address-not-in-range',
]);
/** EventBridge's limit on the combinations `$or` may expand to (user guide, "Event patterns: $or"). */
const MAX_BRANCHES = 1000;

/**
 * Compiles the pattern language of EventBridge rules, archives and pipe filters.
 * @throws InvalidEventPattern in AWS's wording
 */
export function compilePattern(text: string): EventPattern {
  const parsed = parseForMatching(text);
  if (parsed === undefined) throw new InvalidEventPattern(notJsonReason(text));
  if (!isJsonObject(parsed)) throw new InvalidEventPattern(`Filter is not an object${sourceLocation(text, 2)}`);
  const branches = compileObject(parsed, '', [new Map()], false);
  const sorted = branches.map((branch) => [...branch].sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    matches: (event) => {
      const leaves = flatten(event);
      return sorted.some((branch) => branchMatches(branch, leaves));
    },
  };
}

function compileObject(object: JsonObject, path: string, branches: Branch[], insideOr: boolean): Branch[] {
  const entries = Object.entries(object);
  if (entries.length === 0) throw new InvalidEventPattern('Empty objects are not allowed');
  let result = branches;
  for (const [key, value] of entries) {
    if (key === OR) {
      result = compileOr(value, path, result);
      continue;
    }
    if (insideOr && RESERVED_IN_OR.has(key)) {
      throw new InvalidEventPattern(`${key} is Ruler reserved fieldName which cannot be used inside ${OR}.`);
    }
    const at = path === '' ? key : `${path}.${key}`;
    if (isJsonObject(value)) result = compileObject(value, at, result, insideOr);
    else if (Array.isArray(value)) result = withMatchers(result, at, compileValues(value));
    else throw new InvalidEventPattern(`"${key}" must be an object or an array`);
  }
  return result;
}

function compileValues(values: Json[]): Matcher[] {
  if (values.length === 0) throw new InvalidEventPattern('Empty arrays are not allowed');
  return values.map(parseMatcher);
}

function compileOr(value: Json, path: string, branches: Branch[]): Branch[] {
  if (!Array.isArray(value)) throw new InvalidEventPattern(`It must be an Array followed with ${OR}.`);
  const result: Branch[] = [];
  for (const alternative of value) {
    if (!isJsonObject(alternative)) {
      throw new InvalidEventPattern(`Only JSON object is allowed in array of ${OR} relationship.`);
    }
    result.push(...compileObject(alternative, path, branches, true));
    if (result.length > MAX_BRANCHES)
      throw new InvalidEventPattern(`Rule is too complex - too many ${OR} combinations`);
  }
  if (value.length < 2) throw new InvalidEventPattern(`There must have at least 2 Objects in ${OR} relationship.`);
  return result;
}

function withMatchers(branches: Branch[], path: string, matchers: Matcher[]): Branch[] {
  return branches.map((branch) => new Map(branch).set(path, matchers));
}

/** What a path has to offer: the leaves that fit, and whether it may be missing. */
interface Candidates {
  readonly fitting: readonly Leaf[];
  readonly found: readonly Leaf[];
  readonly mayBeMissing: boolean;
}

/**
 * Looks for one leaf per path such that all of them can be in the same elements of the arrays they share. A field that
 * must not exist may be in other elements than those the paths before it in the alphabet were found in
 * (aws/event-ruler, NameState.getNameTransitions).
 */
function branchMatches(paths: readonly (readonly [string, readonly Matcher[]])[], leaves: Leaves): boolean {
  const candidates: Candidates[] = [];
  for (const [path, matchers] of paths) {
    const found = leaves.get(path) ?? [];
    const fitting = found.filter((leaf) => matchers.some((matcher) => matchesLeaf(matcher, leaf.value)));
    const mayBeMissing = matchers.some((matcher) => matcher.kind === 'absent');
    if (fitting.length === 0 && !mayBeMissing) return false;
    // A leaf outside every array fits with any other: no need to try the rest.
    const free = fitting.find((leaf) => leaf.within.size === 0);
    candidates.push({ fitting: free ? [free] : fitting, found, mayBeMissing });
  }
  return combine(candidates, 0, new Map());
}

function combine(candidates: readonly Candidates[], at: number, chosen: ReadonlyMap<number, number>): boolean {
  const path = candidates[at];
  if (!path) return true;
  const missing = path.mayBeMissing && !path.found.some((leaf) => together(leaf.within, chosen));
  if (missing && combine(candidates, at + 1, chosen)) return true;
  return path.fitting.some(
    (leaf) => together(leaf.within, chosen) && combine(candidates, at + 1, new Map([...chosen, ...leaf.within])),
  );
}
