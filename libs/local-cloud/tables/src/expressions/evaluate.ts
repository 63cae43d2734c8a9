import { own } from '@outbox/local-cloud-kernel';
import { setOf, typeOf, type AttributeValue, type Item } from '../values/attribute-value';
import { compareValues, equalValues } from '../values/compare';
import { sizeOfBinary } from '../values/size';
import type { Condition, Operand, Path } from './ast';
import type { Comparator } from './syntax';

/** The value at a path; undefined where the item has none. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  const [first, ...rest] = path;
  let value = own(item, first);
  for (const step of rest) {
    if (value === undefined) return undefined;
    if (typeof step === 'number') value = 'L' in value ? value.L[step] : undefined;
    else value = 'M' in value ? own(value.M, step) : undefined;
  }
  return value;
}

/** Whether an item, an empty one where there is none, meets a condition. */
export function isMet(condition: Condition, item: Item): boolean {
  switch (condition.kind) {
    case 'and':
      return isMet(condition.left, item) && isMet(condition.right, item);
    case 'or':
      return isMet(condition.left, item) || isMet(condition.right, item);
    case 'not':
      return !isMet(condition.of, item);
    case 'compare':
      return compares(condition.operator, valueOf(condition.left, item), valueOf(condition.right, item));
    case 'between': {
      const value = valueOf(condition.operand, item);
      return (
        compares('>=', value, valueOf(condition.lower, item)) && compares('<=', value, valueOf(condition.upper, item))
      );
    }
    case 'in': {
      const value = valueOf(condition.operand, item);
      return condition.list.some((element) => compares('=', value, valueOf(element, item)));
    }
    case 'function': {
      const [first, second] = condition.operands.map((operand) => valueOf(operand, item));
      return holds(condition.name, first, second);
    }
  }
}

function valueOf(operand: Operand, item: Item): AttributeValue | undefined {
  switch (operand.kind) {
    case 'path':
      return valueAt(item, operand.path);
    case 'value':
      return operand.value;
    case 'size': {
      const value = valueOf(operand.of, item);
      const size = value === undefined ? undefined : sizeOf(value);
      return size === undefined ? undefined : { N: String(size) };
    }
  }
}

function compares(operator: Comparator, a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  if (a === undefined || b === undefined) return operator === '<>';
  if (operator === '=') return equalValues(a, b);
  if (operator === '<>') return !equalValues(a, b);
  const order = compareValues(a, b);
  if (order === undefined) return false;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function holds(name: string, first: AttributeValue | undefined, second: AttributeValue | undefined): boolean {
  if (name === 'attribute_exists') return first !== undefined;
  if (name === 'attribute_not_exists') return first === undefined;
  if (first === undefined || second === undefined) return false;
  if (name === 'attribute_type') return 'S' in second && typeOf(first) === second.S;
  return name === 'begins_with' ? beginsWith(first, second) : contains(first, second);
}

function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if ('S' in value) return 'S' in prefix && value.S.startsWith(prefix.S);
  if (!('B' in value) || !('B' in prefix)) return false;
  const start = Buffer.from(prefix.B, 'base64');
  return Buffer.from(value.B, 'base64').subarray(0, start.length).equals(start);
}

function contains(value: AttributeValue, part: AttributeValue): boolean {
  if ('S' in value) return 'S' in part && value.S.includes(part.S);
  if ('B' in value) return 'B' in part && Buffer.from(value.B, 'base64').includes(Buffer.from(part.B, 'base64'));
  if ('L' in value) return value.L.some((element) => equalValues(element, part));
  if ('SS' in value) return 'S' in part && value.SS.includes(part.S);
  if ('NS' in value) return 'N' in part && value.NS.includes(part.N);
  return 'BS' in value && 'B' in part && value.BS.includes(part.B);
}

/** What `size` counts: characters, bytes or elements; undefined for values that have no size. */
function sizeOf(value: AttributeValue): number | undefined {
  if ('S' in value) return value.S.length;
  if ('B' in value) return sizeOfBinary(value.B);
  if ('L' in value) return value.L.length;
  if ('M' in value) return Object.keys(value.M).length;
  return setOf(value)?.elements.length;
}
