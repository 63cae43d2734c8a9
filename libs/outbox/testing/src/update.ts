import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { readOperand, readPath, UnsupportedError, valueAt, type Item, type Operand, type Tokens } from './tokens';

/** An item after an update. */
export type Update = (item: Item) => Item;

/** Reads an update expression: SET with +, - and if_not_exists, REMOVE, and ADD of numbers. */
export function readUpdate(tokens: Tokens): Update {
  const steps: ((before: Item, after: Item) => Item)[] = [];
  while (tokens.peek() !== undefined) {
    const clause = ['SET', 'REMOVE', 'ADD'].find((word) => tokens.take(word)) ?? tokens.unexpected();
    do {
      const path = readPath(tokens);
      if (clause === 'SET') tokens.expect('=');
      const value =
        clause === 'REMOVE' ? () => undefined : clause === 'SET' ? readValue(tokens) : readSum(tokens, path);
      steps.push((before, after) => withValue(after, path, value(before)));
    } while (tokens.take(','));
  }
  // Every value is read from the item as it was (API reference, UpdateItem).
  return (before) => steps.reduce((after, step) => step(before, after), before);
}

function readValue(tokens: Tokens): Operand {
  const left = readTerm(tokens);
  const sign = ['+', '-'].find((word) => tokens.take(word));
  if (sign === undefined) return (item) => left(item) ?? missing();
  const right = readTerm(tokens);
  return (item) => number(numberOf(left(item)) + (sign === '+' ? 1 : -1) * numberOf(right(item)));
}

function readTerm(tokens: Tokens): Operand {
  if (!tokens.take('if_not_exists')) return readOperand(tokens);
  tokens.expect('(');
  const first = readOperand(tokens);
  tokens.expect(',');
  const second = readTerm(tokens);
  tokens.expect(')');
  return (item) => first(item) ?? second(item);
}

function readSum(tokens: Tokens, path: readonly string[]): Operand {
  const added = readOperand(tokens);
  return (item) => number(numberOf(valueAt(item, path) ?? { N: '0' }) + numberOf(added(item)));
}

function withValue(item: Item, [name = '', ...rest]: readonly string[], value: AttributeValue | undefined): Item {
  if (rest.length > 0) {
    const map = item[name]?.M ?? missing();
    return { ...item, [name]: { M: { ...withValue(map, rest, value) } } };
  }
  const { [name]: _, ...others } = item;
  return value === undefined ? others : { ...others, [name]: value };
}

function numberOf(value: AttributeValue | undefined): number {
  if (value?.N === undefined) throw new UnsupportedError('arithmetic with what is no number');
  return Number(value.N);
}

function number(value: number): AttributeValue {
  return { N: String(value) };
}

function missing(): never {
  throw new UnsupportedError('an update that reads or enters an attribute that is not there');
}
