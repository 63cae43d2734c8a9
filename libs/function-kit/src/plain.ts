import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from './item';

/** A value that can't be stored; the message names its place. */
export class UnstorableValueError extends Error {
  override readonly name = 'UnstorableValueError';

  constructor(
    readonly path: string,
    problem: string,
  ) {
    super(`${path}: ${problem}`);
  }
}

/**
 * Marshals a plain object: text, numbers, booleans, null, lists, objects, bytes. What is undefined is left out.
 * @throws UnstorableValueError
 */
export function marshalPlain(fields: Readonly<Record<string, unknown>>): Record<string, AttributeValue> {
  return marshalFields(fields, '');
}

function marshalFields(fields: Readonly<Record<string, unknown>>, path: string): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]): [string, AttributeValue][] =>
      value === undefined ? [] : [[name, marshal(value, path + name)]],
    ),
  );
}

function marshal(value: unknown, path: string): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'boolean':
      return { BOOL: value };
    case 'bigint':
      return { N: String(value) };
    case 'number':
      if (!Number.isFinite(value)) throw new UnstorableValueError(path, `${value} is no number that can be stored`);
      return { N: String(value) };
    case 'object':
      if (value === null) return { NULL: true };
      if (value instanceof Uint8Array) return { B: value };
      if (Array.isArray(value)) return { L: value.map((one, index) => marshal(one, `${path}.${index}`)) };
      if (isPlain(value)) return { M: marshalFields(value, `${path}.`) };
  }
  throw new UnstorableValueError(path, `${describe(value)} can't be stored`);
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? `a ${value.constructor.name}`
    : `a value of type ${typeof value}`;
}

/** The plain object of an item; sets become lists, numbers beyond what JavaScript can hold exactly lose digits. */
export function unmarshalPlain(item: Item): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, unmarshal(value)]));
}

function unmarshal(value: AttributeValue): unknown {
  if (value.N !== undefined) return Number(value.N);
  if (value.L) return value.L.map(unmarshal);
  if (value.M) return unmarshalPlain(value.M);
  if (value.NULL) return null;
  return value.S ?? value.BOOL ?? value.B ?? value.SS ?? value.NS?.map(Number) ?? value.BS;
}
