import { own } from '@outbox/local-cloud-kernel';
import { validation } from '../errors';
import { makeSet, setOf, type AttributeValue, type Item } from '../values/attribute-value';
import { addDecimals, formatDecimal, parseDecimal } from '../values/decimal';
import type { Path, SetValue, UpdateAction } from './ast';
import { valueAt } from './evaluate';

/** What an update does to one place: a new value, or nothing there any more. */
interface Change {
  readonly path: Path;
  readonly value: AttributeValue | undefined;
}

/** What is said of a value that the place's value can't be added to, or taken from, for its type. */
export const EXPRESSION_MISMATCH = 'An operand in the update expression has an incorrect data type';

/**
 * The item after an update. Every action sees the item as it was before.
 * @throws AwsError ValidationException where the item can't take it; for types that don't match with the text `mismatch`
 */
export function applyUpdate(item: Item, actions: readonly UpdateAction[], mismatch = EXPRESSION_MISMATCH): Item {
  const changes = actions.flatMap((action): Change[] => {
    const change = changeOf(item, action, mismatch);
    return change ? [change] : [];
  });
  // Elements are added to a list in the order of their indexes, and taken away from its end, so that none moves meanwhile.
  const sets = changes.filter(({ value }) => value !== undefined).sort((a, b) => comparePaths(a.path, b.path));
  const removals = changes.filter(({ value }) => value === undefined).sort((a, b) => comparePaths(b.path, a.path));
  let changed = item;
  for (const change of [...sets, ...removals]) changed = applyChange(changed, change);
  return changed;
}

function changeOf(item: Item, action: UpdateAction, mismatch: string): Change | undefined {
  const { path } = action;
  switch (action.action) {
    case 'SET':
      return { path, value: evaluate(item, action.value, mismatch) };
    case 'REMOVE':
      return { path, value: undefined };
    case 'ADD':
      return { path, value: sum(valueAt(item, path), action.value, mismatch) };
    case 'DELETE': {
      const before = valueAt(item, path);
      if (before !== undefined) return { path, value: difference(before, action.value, mismatch) };
      checkParent(item, path);
      return undefined;
    }
  }
}

function evaluate(item: Item, value: SetValue, mismatch: string): AttributeValue {
  switch (value.kind) {
    case 'value':
      return value.value;
    case 'path': {
      const found = valueAt(item, value.path);
      if (found !== undefined) return found;
      throw validation('The provided expression refers to an attribute that does not exist in the item');
    }
    case 'if_not_exists':
      return valueAt(item, value.path) ?? evaluate(item, value.otherwise, mismatch);
    case 'list_append': {
      const [left, right] = [evaluate(item, value.left, mismatch), evaluate(item, value.right, mismatch)];
      if (!('L' in left) || !('L' in right)) throw validation(mismatch);
      return { L: [...left.L, ...right.L] };
    }
    case 'sum': {
      const [left, right] = [evaluate(item, value.left, mismatch), evaluate(item, value.right, mismatch)];
      if (!('N' in left) || !('N' in right)) throw validation(mismatch);
      return { N: addNumbers(left.N, right.N, value.operator === '-') };
    }
  }
}

function addNumbers(a: string, b: string, minus = false): string {
  return formatDecimal(addDecimals(parseDecimal(a), parseDecimal(b), minus));
}

/** ADD: to a number, or to a set of the same type. */
function sum(before: AttributeValue | undefined, added: AttributeValue, mismatch: string): AttributeValue {
  if (before === undefined) return added;
  if ('N' in before && 'N' in added) return { N: addNumbers(before.N, added.N) };
  const [set, more] = [setOf(before), setOf(added)];
  if (!set || set.type !== more?.type) throw validation(mismatch);
  return makeSet(set.type, [...new Set([...set.elements, ...more.elements])]);
}

/** DELETE: elements from a set; one that gets empty is no more. */
function difference(before: AttributeValue, taken: AttributeValue, mismatch: string): AttributeValue | undefined {
  const [set, less] = [setOf(before), setOf(taken)];
  if (!set || set.type !== less?.type) throw validation(mismatch);
  const left = set.elements.filter((element) => !less.elements.includes(element));
  return left.length > 0 ? makeSet(set.type, left) : undefined;
}

function applyChange(item: Item, { path, value }: Change): Item {
  const [name, ...rest] = path;
  return withEntry(item, name, changedAt(own(item, name), rest, value));
}

/** The value with a change somewhere inside it, or in its place. */
function changedAt(
  container: AttributeValue | undefined,
  path: readonly (string | number)[],
  value: AttributeValue | undefined,
): AttributeValue | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    if (!container || !('L' in container)) throw invalidPath();
    return { L: withElement(container.L, step, changedAt(container.L[step], rest, value)) };
  }
  if (!container || !('M' in container)) throw invalidPath();
  return { M: withEntry(container.M, step, changedAt(own(container.M, step), rest, value)) };
}

function withEntry(map: Item, name: string, value: AttributeValue | undefined): Item {
  if (value !== undefined) return { ...map, [name]: value };
  return Object.fromEntries(Object.entries(map).filter(([other]) => other !== name));
}

/** Beyond the end of a list an element is appended. */
function withElement(
  list: readonly AttributeValue[],
  index: number,
  value: AttributeValue | undefined,
): readonly AttributeValue[] {
  if (value === undefined) return list.filter((_, other) => other !== index);
  return index < list.length ? list.with(index, value) : [...list, value];
}

/** @throws AwsError ValidationException unless there is something at the path's parent to change */
function checkParent(item: Item, path: Path): void {
  const [name, ...rest] = path;
  changedAt(own(item, name), rest, undefined);
}

function comparePaths(a: Path, b: Path): number {
  for (const [index, step] of a.entries()) {
    const other = b[index];
    if (step === other) continue;
    if (typeof step === 'number' && typeof other === 'number') return step - other;
    return String(step) < String(other) ? -1 : 1;
  }
  return 0;
}

function invalidPath(): Error {
  return validation('The document path provided in the update expression is invalid for update');
}
