import { InvalidEventPattern } from './errors';
import { scalarOf } from './flatten';
import { parseCidr, singleAddress } from './ip-range';
import { isJsonObject, numberText, type Json } from './json';
import type { Bound, Matcher } from './matcher';
import { parseWildcard } from './wildcard';

/**
 * Reads one element of a pattern's array: a scalar to equal, or an object with one operator.
 * @throws InvalidEventPattern with AWS's reason
 */
export function parseMatcher(value: Json): Matcher {
  if (Array.isArray(value)) throw new InvalidEventPattern('Match value must be String, number, true, false, or null');
  if (!isJsonObject(value)) return parseLiteral(value);
  const entries = Object.entries(value);
  const [entry] = entries;
  if (!entry) throw new InvalidEventPattern('Match expression name not found');
  const [operator, operand] = entry;
  const matcher = parseOperator(operator, operand);
  if (entries.length > 1) {
    const listed = operator === 'numeric' || operator === 'anything-but';
    throw new InvalidEventPattern(
      listed ? 'Too many elements in numeric expression' : 'Only one key allowed in match expression',
    );
  }
  return matcher;
}

/** A text that is an IP address matches the address in every notation. */
function parseLiteral(value: string | number | boolean | null): Matcher {
  const range = typeof value === 'string' ? singleAddress(value) : undefined;
  return range ? { kind: 'cidr', range } : { kind: 'equals', value: scalarOf(value) };
}

function parseOperator(operator: string, operand: Json): Matcher {
  switch (operator) {
    case 'exactly':
      return { kind: 'equals', value: text(operand, 'exact match pattern must be a string') };
    case 'prefix':
    case 'suffix':
      return parseAffix(operator, operand);
    case 'equals-ignore-case':
      return { kind: operator, value: text(operand, 'equals-ignore-case match pattern must be a string') };
    case 'wildcard':
      return { kind: operator, runs: parseWildcard(text(operand, 'wildcard match pattern must be a string')) };
    case 'cidr':
      // The wording is AWS's own: its compiler shares the message of `prefix`.
      return { kind: operator, range: parseCidr(text(operand, 'prefix match pattern must be a string')) };
    case 'exists':
      if (typeof operand !== 'boolean') {
        throw new InvalidEventPattern('exists match pattern must be either true or false.');
      }
      return { kind: operand ? 'exists' : 'absent' };
    case 'numeric':
      return parseNumeric(operand);
    case 'anything-but':
      return { kind: operator, none: parseAnythingBut(operand) };
    default:
      throw new InvalidEventPattern(`Unrecognized match type ${operator}`);
  }
}

function text(value: Json | undefined, otherwise: string): string {
  if (typeof value !== 'string') throw new InvalidEventPattern(otherwise);
  return value;
}

function parseAffix(kind: 'prefix' | 'suffix', operand: Json): Matcher {
  if (!isJsonObject(operand)) {
    return { kind, value: text(operand, `${kind} match pattern must be a string`), ignoreCase: false };
  }
  const [entry, ...rest] = Object.entries(operand);
  if (!entry) throw new InvalidEventPattern(`${kind === 'prefix' ? 'Prefix' : 'Suffix'} expression name not found`);
  if (entry[0] !== 'equals-ignore-case') throw new InvalidEventPattern(`Unsupported ${kind} pattern: ${entry[0]}`);
  const value = text(entry[1], 'equals-ignore-case match pattern must be a string');
  if (rest.length > 0) throw new InvalidEventPattern('Only one key allowed in match expression');
  return { kind, value, ignoreCase: true };
}

const ANYTHING_BUT_OPERAND = 'Value of anything-but must be an array or single string/number value.';

function parseAnythingBut(operand: Json): Matcher[] {
  if (isJsonObject(operand)) return parseAnythingButOperator(operand);
  if (!Array.isArray(operand)) {
    if (typeof operand === 'string') return [{ kind: 'equals', value: operand }];
    if (isNumber(operand)) return [{ kind: 'equals', value: comparable(operand) }];
    throw new InvalidEventPattern(ANYTHING_BUT_OPERAND);
  }
  const types = new Set(operand.map((value) => (isNumber(value) ? 'number' : typeof value)));
  for (const type of types) {
    if (type !== 'string' && type !== 'number') {
      throw new InvalidEventPattern('Inside anything but list, start|null|boolean is not supported.');
    }
  }
  if (types.size !== 1) {
    throw new InvalidEventPattern(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  }
  return operand.map((value) => (isNumber(value) ? { kind: 'equals', value: comparable(value) } : parseMatcher(value)));
}

function parseAnythingButOperator(operand: { [key: string]: Json }): Matcher[] {
  const [entry, ...rest] = Object.entries(operand);
  if (!entry) throw new InvalidEventPattern('Anything-But expression name not found');
  const [operator, value] = entry;
  if (isJsonObject(value)) throw new InvalidEventPattern(ANYTHING_BUT_OPERAND);
  const values = Array.isArray(value) ? value : [value];
  const excluded = values.map((each) => parseExcluded(operator, each));
  if (rest.length > 0) throw new InvalidEventPattern('Too many elements in numeric expression');
  return excluded;
}

function parseExcluded(operator: string, value: Json): Matcher {
  switch (operator) {
    case 'equals-ignore-case':
      return {
        kind: operator,
        value: text(value, 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.'),
      };
    case 'prefix':
    case 'suffix': {
      const affix = text(value, 'prefix/suffix match pattern must be a string');
      if (affix === '') throw new InvalidEventPattern('Null prefix/suffix not allowed');
      return { kind: operator, value: affix, ignoreCase: false };
    }
    case 'wildcard':
      return { kind: operator, runs: parseWildcard(text(value, 'wildcard match pattern must be a string')) };
    default:
      throw new InvalidEventPattern(`Unsupported anything-but pattern: ${operator}`);
  }
}

function parseNumeric(operand: Json): Matcher {
  if (!Array.isArray(operand)) throw new InvalidEventPattern('Value of numeric must be an array.');
  const [operator, value, upper, top, ...rest] = operand;
  if (typeof operator !== 'string') {
    throw new InvalidEventPattern(`Invalid member in numeric match: ${String(operator ?? ']')}`);
  }
  if (!['=', '<', '<=', '>', '>='].includes(operator)) {
    throw new InvalidEventPattern(`Unrecognized numeric range operator: ${operator}`);
  }
  const first = number(value, operator === '=' ? 'equals' : operator);
  if (operator === '=') return single(operand, { value: first, open: false }, { value: first, open: false });
  if (operator.startsWith('<')) return single(operand, undefined, { value: first, open: operator === '<' });
  const low: Bound = { value: first, open: operator === '>' };
  if (upper === undefined) return { kind: 'numeric', low };
  if (typeof upper !== 'string') throw new InvalidEventPattern(`Bad value in numeric range: ${String(upper)}`);
  if (upper !== '<' && upper !== '<=') throw new InvalidEventPattern(`Bad numeric range operator: ${upper}`);
  const high: Bound = { value: number(top, upper), open: upper === '<' };
  if (rest.length > 0) throw new InvalidEventPattern('Too many terms in numeric range expression');
  if (low.value >= high.value) throw new InvalidEventPattern('Bottom must be less than top');
  return { kind: 'numeric', low, high };
}

function single(operand: Json[], low: Bound | undefined, high: Bound): Matcher {
  if (operand.length > 2) throw new InvalidEventPattern('Too many elements in numeric expression');
  return { kind: 'numeric', low, high };
}

function number(value: Json | undefined, operator: string): number {
  if (!isNumber(value)) throw new InvalidEventPattern(`Value of ${operator} must be numeric`);
  return comparable(value);
}

function isNumber(value: Json | undefined): value is number {
  return typeof value === 'number' || numberText(value) !== undefined;
}

/** A number of a pattern that events' numbers are compared with. @throws InvalidEventPattern for one that none can be */
function comparable(value: number): number {
  const scalar = scalarOf(value);
  if (typeof scalar === 'number') return scalar;
  throw new InvalidEventPattern(`Cannot compare number : ${numberText(value) ?? ''}`);
}
