import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { readOperand, type Item, type Operand, type Tokens } from './tokens';

/** Whether a condition holds of an item; undefined: there is none under its key. */
export type Predicate = (item: Item | undefined) => boolean;

const COMPARISONS: Readonly<Record<string, (sign: number) => boolean>> = {
  '=': (sign) => sign === 0,
  '<': (sign) => sign < 0,
  '<=': (sign) => sign <= 0,
  '>': (sign) => sign > 0,
  '>=': (sign) => sign >= 0,
};

/** Reads a condition expression up to its end: AND, OR, NOT, comparisons, BETWEEN, IN and the functions below. */
export function readCondition(tokens: Tokens): Predicate {
  const condition = readOr(tokens);
  tokens.end();
  return condition;
}

function readOr(tokens: Tokens): Predicate {
  const either = [readAnd(tokens)];
  while (tokens.take('OR')) either.push(readAnd(tokens));
  return (item) => either.some((holds) => holds(item));
}

function readAnd(tokens: Tokens): Predicate {
  const all = [readNot(tokens)];
  while (tokens.take('AND')) all.push(readNot(tokens));
  return (item) => all.every((holds) => holds(item));
}

function readNot(tokens: Tokens): Predicate {
  if (tokens.take('NOT')) {
    const holds = readNot(tokens);
    return (item) => !holds(item);
  }
  if (tokens.take('(')) {
    const holds = readOr(tokens);
    tokens.expect(')');
    return holds;
  }
  return readFunction(tokens) ?? readComparison(tokens);
}

function readFunction(tokens: Tokens): Predicate | undefined {
  const name = ['attribute_exists', 'attribute_not_exists', 'begins_with', 'contains'].find((word) =>
    tokens.take(word),
  );
  if (name === undefined) return undefined;
  tokens.expect('(');
  const path = readOperand(tokens);
  const argument = tokens.take(',') ? readOperand(tokens) : () => undefined;
  tokens.expect(')');
  return (item) => {
    const [found, wanted] = [path(item), argument(item)];
    switch (name) {
      case 'attribute_exists':
        return found !== undefined;
      case 'attribute_not_exists':
        return found === undefined;
      case 'begins_with':
        return found?.S !== undefined && wanted?.S !== undefined && found.S.startsWith(wanted.S);
      default:
        return wanted !== undefined && contains(found, wanted);
    }
  };
}

function readComparison(tokens: Tokens): Predicate {
  const left = readOperand(tokens);
  if (tokens.take('BETWEEN')) {
    const low = readOperand(tokens);
    tokens.expect('AND');
    const high = readOperand(tokens);
    return (item) => holds(left(item), low(item), '>=') && holds(left(item), high(item), '<=');
  }
  if (tokens.take('IN')) {
    tokens.expect('(');
    const options: Operand[] = [];
    do options.push(readOperand(tokens));
    while (tokens.take(','));
    tokens.expect(')');
    return (item) => options.some((option) => holds(left(item), option(item), '='));
  }
  const comparator = ['=', '<>', '<=', '>=', '<', '>'].find((sign) => tokens.take(sign)) ?? tokens.unexpected();
  const right = readOperand(tokens);
  return (item) => holds(left(item), right(item), comparator);
}

/** A comparison with what isn't there, or of values of different types, doesn't hold; `<>` does. */
function holds(left: AttributeValue | undefined, right: AttributeValue | undefined, comparator: string): boolean {
  if (comparator === '<>') return !holds(left, right, '=');
  if (left === undefined || right === undefined) return false;
  const sign = compare(left, right);
  return sign !== undefined && COMPARISONS[comparator]?.(sign) === true;
}

/** The order of two values; undefined: they have none, and aren't equal. */
function compare(left: AttributeValue, right: AttributeValue): number | undefined {
  if (left.N !== undefined && right.N !== undefined) return Number(left.N) - Number(right.N);
  if (left.S !== undefined && right.S !== undefined) {
    return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  }
  return isEqual(left, right) ? 0 : undefined;
}

function isEqual(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return left === right;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => name in right && isEqual(Reflect.get(left, name), Reflect.get(right, name)))
  );
}

function contains(found: AttributeValue | undefined, wanted: AttributeValue): boolean {
  if (found?.S !== undefined) return wanted.S !== undefined && found.S.includes(wanted.S);
  if (found?.L) return found.L.some((member) => isEqual(member, wanted));
  return [...(found?.SS ?? []), ...(found?.NS ?? [])].includes(wanted.S ?? wanted.N ?? '');
}
