import { serialization, validation } from '../errors';
import { isObject } from '../json';
import { typeOf, VALUE_TYPES, type AttributeValue, type Item, type ValueType } from './attribute-value';
import { canonicalNumber } from './decimal';
import { MAX_DEPTH } from '../limits';

/**
 * Reads a value off the wire: one type, numbers in their canonical text, bytes in canonical base64.
 * @throws AwsError ValidationException or SerializationException in AWS's words
 */
export function readValue(given: unknown, depth = 0): AttributeValue {
  if (!isObject(given)) throw serialization('Unexpected value type in payload');
  let type: ValueType | undefined;
  for (const known of VALUE_TYPES) {
    if (given[known] === undefined || given[known] === null) continue;
    if (type !== undefined) {
      throw validation(
        'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
      );
    }
    type = known;
  }
  if (type === undefined) {
    throw validation('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  return readTyped(type, given[type], depth);
}

/** Reads attributes by name. @throws AwsError as `readValue` does */
export function readItem(given: Readonly<Record<string, unknown>>, depth = 0): Item {
  const entries = Object.entries(given).map(([name, value]): [string, AttributeValue] => {
    if (name === '') throw validation('Empty attribute name');
    if (value === null) throw validation(`The supplied Item contains a null AttributeValue: ${name} is null`);
    return [wellFormed(name), readValue(value, depth)];
  });
  return Object.fromEntries(entries);
}

function readTyped(type: ValueType, given: unknown, depth: number): AttributeValue {
  switch (type) {
    case 'S':
      return { S: text(given) };
    case 'N':
      return { N: canonicalNumber(text(given)) };
    case 'B':
      return { B: bytes(given) };
    case 'BOOL':
      return { BOOL: flag(given) };
    case 'NULL':
      if (flag(given)) return { NULL: true };
      throw validation(
        'One or more parameter values were invalid: Null attribute value types must have the value of true',
      );
    case 'SS':
      return { SS: stringSet(given) };
    case 'NS':
      return { NS: numberSet(given) };
    case 'BS':
      return { BS: binarySet(given) };
    case 'L':
      return { L: list(given).map((element) => readValue(element, deeper(depth))) };
    case 'M':
      if (!isObject(given)) throw serialization('Unexpected value type in payload');
      return { M: readItem(given, deeper(depth)) };
  }
}

function deeper(depth: number): number {
  if (depth + 1 >= MAX_DEPTH) {
    throw validation(
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
    );
  }
  return depth + 1;
}

function stringSet(given: unknown): readonly string[] {
  const elements = setElements(given, 'string', 'An string set  may not be empty');
  if (new Set(elements).size < elements.length) {
    throw validation(
      `One or more parameter values were invalid: Input collection [${elements.join(', ')}] contains duplicates.`,
    );
  }
  return elements;
}

function numberSet(given: unknown): readonly string[] {
  const elements = setElements(given, 'number', 'An number set  may not be empty').map(canonicalNumber);
  if (new Set(elements).size < elements.length) throw validation('Input collection contains duplicates');
  return elements;
}

function binarySet(given: unknown): readonly string[] {
  const elements = setElements(given, 'binary', 'Binary sets should not be empty').map(bytes);
  if (new Set(elements).size < elements.length) {
    throw validation(
      `One or more parameter values were invalid: Input collection [${elements.join(', ')}]of type BS contains duplicates.`,
    );
  }
  return elements;
}

function setElements(given: unknown, kind: string, empty: string): readonly string[] {
  const elements = list(given);
  if (elements.length === 0) throw validation(`One or more parameter values were invalid: ${empty}`);
  if (elements.includes(null)) {
    throw validation(
      `One or more parameter values were invalid: An ${kind} set may not have a null string as a member`,
    );
  }
  return elements.map(text);
}

function text(given: unknown): string {
  if (typeof given === 'string') return wellFormed(given);
  throw serialization(`${kindOf(given)} cannot be converted to String`);
}

/** @throws AwsError SerializationException for half of a surrogate pair, which is no character of UTF-8 */
function wellFormed(given: string): string {
  if (given.isWellFormed()) return given;
  throw serialization('Strings must be valid UTF-8');
}

function flag(given: unknown): boolean {
  if (typeof given === 'boolean') return given;
  throw serialization(`${kindOf(given)} cannot be converted to Boolean`);
}

function list(given: unknown): readonly unknown[] {
  if (Array.isArray(given)) return given;
  throw serialization('Unexpected value type in payload');
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function bytes(given: unknown): string {
  const encoded = text(given);
  if (!BASE64.test(encoded)) throw serialization('Invalid Base64 encoding');
  // The last character may hold bits that say nothing.
  return encoded.endsWith('=') ? Buffer.from(encoded, 'base64').toString('base64') : encoded;
}

function kindOf(given: unknown): string {
  if (typeof given === 'number') return 'NUMBER_VALUE';
  if (typeof given === 'string') return 'STRING_VALUE';
  return given === true ? 'TRUE_VALUE' : 'FALSE_VALUE';
}

/** The value as AWS's messages show it, e.g. `{S:abc}`. */
export function describeValue(value: AttributeValue): string {
  const type = typeOf(value);
  const inner: unknown = Object.values(value)[0];
  return `{${type}:${typeof inner === 'object' ? JSON.stringify(inner) : String(inner)}}`;
}
