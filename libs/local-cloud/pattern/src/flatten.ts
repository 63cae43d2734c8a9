import { isJsonObject, numberText, type Json, type JsonObject } from './json';
import type { Scalar } from './matcher';
import { isComparable } from './numbers';

/** A leaf with the array elements it sits in: array's number → index. */
export interface Leaf {
  readonly value: Scalar;
  readonly within: ReadonlyMap<number, number>;
}

/** Dotted path → the leaves found there. Arrays add no step; a key with a dot is the same as two steps. */
export type Leaves = ReadonlyMap<string, readonly Leaf[]>;

/** Turns an event into its leaves, remembering which array element each came from. Empty arrays and objects have none. */
export function flatten(event: JsonObject): Leaves {
  const leaves = new Map<string, Leaf[]>();
  let arrays = 0;

  const visitObject = (object: JsonObject, prefix: string, within: ReadonlyMap<number, number>): void => {
    for (const [key, value] of Object.entries(object)) visit(value, prefix === '' ? key : `${prefix}.${key}`, within);
  };
  const visit = (value: Json, path: string, within: ReadonlyMap<number, number>): void => {
    if (Array.isArray(value)) {
      const array = arrays++;
      value.forEach((element, index) => {
        const nested = Array.isArray(element) || isJsonObject(element);
        visit(element, path, nested ? new Map(within).set(array, index) : within);
      });
    } else if (isJsonObject(value)) {
      visitObject(value, path, within);
    } else {
      const leaf = { value: scalarOf(value), within };
      const known = leaves.get(path);
      if (known) known.push(leaf);
      else leaves.set(path, [leaf]);
    }
  };

  visitObject(event, '', new Map());
  return leaves;
}

/** Whether two leaves can belong to one match: in every array both sit in, they sit in the same element. */
export function together(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): boolean {
  for (const [array, index] of a) {
    const other = b.get(array);
    if (other !== undefined && other !== index) return false;
  }
  return true;
}

/** A scalar of exactly parsed JSON, as matchers compare it. */
export function scalarOf(value: string | number | boolean | null): Scalar {
  const literal = numberText(value);
  if (literal === undefined) return value;
  return isComparable(literal) ? Number(literal) : { literal };
}
