import { own } from '@outbox/local-cloud-kernel';
import { setOf, type AttributeValue } from './attribute-value';
import { compareDecimals, parseDecimal } from './decimal';

/** Whether two values are the same: of one type, sets in any order. */
export function equalValues(a: AttributeValue, b: AttributeValue): boolean {
  if ('S' in a) return 'S' in b && a.S === b.S;
  if ('N' in a) return 'N' in b && a.N === b.N;
  if ('B' in a) return 'B' in b && a.B === b.B;
  if ('BOOL' in a) return 'BOOL' in b && a.BOOL === b.BOOL;
  if ('NULL' in a) return 'NULL' in b;
  if ('L' in a) return 'L' in b && equalLists(a.L, b.L);
  if ('M' in a) return 'M' in b && equalItems(a.M, b.M);
  const [left, right] = [setOf(a), setOf(b)];
  if (!left || left.type !== right?.type || left.elements.length !== right.elements.length) return false;
  const elements = new Set(right.elements);
  return left.elements.every((element) => elements.has(element));
}

function equalLists(a: readonly AttributeValue[], b: readonly AttributeValue[]): boolean {
  return (
    a.length === b.length &&
    a.every((element, index) => {
      const other = b[index];
      return other !== undefined && equalValues(element, other);
    })
  );
}

/** Whether two items, or maps, hold the same attributes with the same values. */
export function equalItems(
  a: Readonly<Record<string, AttributeValue>>,
  b: Readonly<Record<string, AttributeValue>>,
): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const [left, right] = [own(a, name), own(b, name)];
    return left !== undefined && right !== undefined && equalValues(left, right);
  });
}

/** Orders two strings, two numbers or two binaries; undefined for values that have no order. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if ('N' in a && 'N' in b) return compareDecimals(parseDecimal(a.N), parseDecimal(b.N));
  if ('S' in a && 'S' in b) return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
  if ('B' in a && 'B' in b) return Buffer.compare(Buffer.from(a.B, 'base64'), Buffer.from(b.B, 'base64'));
  return undefined;
}
