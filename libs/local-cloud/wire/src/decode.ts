import type { NormalizedSchema } from '@smithy/core/schema';
import { isObject } from '@outbox/local-cloud-kernel';
import { serializationError } from './wire-errors';

/** A decoded input and the required members that are missing from it. */
export interface Decoded {
  readonly value: Record<string, unknown>;
  /** Where the missing members are, as AWS writes such paths: `entries.1.member.id`. */
  readonly missing: readonly string[];
}

/** DynamoDB's documents nest 32 deep at most; nothing else comes near. Guards the stack. */
const MAX_DEPTH = 128;

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Turns parsed JSON or CBOR into the SDK's shape of a structure: dates, bytes, only modelled members.
 * Unknown members are dropped, as AWS does.
 * @throws AwsError `SerializationException` when a value has another type than its schema.
 */
export function decodeStruct(schema: NormalizedSchema, source: unknown): Decoded {
  if (!isObject(source)) throw typeError(source, 'a structure');
  return decodeMembers(schema, (name, member) => property(source, wireName(name, member)));
}

/** As `decodeStruct`, with each member's raw value taken from wherever its binding says. */
export function decodeMembers(
  schema: NormalizedSchema,
  pick: (name: string, member: NormalizedSchema) => unknown,
): Decoded {
  const missing: string[] = [];
  return { value: members(schema, pick, [], missing), missing };
}

/** A member's name in JSON. */
export function wireName(name: string, member: NormalizedSchema): string {
  return member.getMergedTraits().jsonName ?? name;
}

function members(
  schema: NormalizedSchema,
  pick: (name: string, member: NormalizedSchema) => unknown,
  path: readonly string[],
  missing: string[],
): Record<string, unknown> {
  if (path.length > MAX_DEPTH) throw serializationError('The request is nested too deeply.');
  const value: Record<string, unknown> = {};
  let required = requiredCount(schema);
  for (const [name, member] of schema.structIterator()) {
    const raw = pick(name, member);
    const isRequired = required-- > 0;
    if (raw !== undefined && raw !== null) value[name] = decode(member, raw, [...path, memberPath(name)], missing);
    else if (isRequired && !member.isIdempotencyToken()) missing.push([...path, memberPath(name)].join('.'));
  }
  return value;
}

function decode(schema: NormalizedSchema, raw: unknown, path: readonly string[], missing: string[]): unknown {
  if (schema.isStructSchema()) {
    if (!isObject(raw)) throw typeError(raw, 'a structure');
    return members(schema, (name, member) => property(raw, wireName(name, member)), path, missing);
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(raw)) throw typeError(raw, 'a list');
    const item = schema.getValueSchema();
    return raw
      .filter((value) => value !== null)
      .map((value, index) => decode(item, value, [...path, String(index + 1), 'member'], missing));
  }
  if (schema.isMapSchema()) {
    if (!isObject(raw)) throw typeError(raw, 'a map');
    const item = schema.getValueSchema();
    return Object.fromEntries(
      Object.entries(raw)
        .filter(([, value]) => value !== null)
        .map(([key, value]) => [key, decode(item, value, [...path, key, 'member'], missing)]),
    );
  }
  return decodeScalar(schema, raw);
}

function decodeScalar(schema: NormalizedSchema, raw: unknown): unknown {
  if (schema.isStringSchema()) return expect(typeof raw === 'string', raw, 'a String');
  if (schema.isBooleanSchema()) return expect(typeof raw === 'boolean', raw, 'a Boolean');
  if (schema.isNumericSchema() || schema.isBigIntegerSchema()) return decodeNumber(raw);
  if (schema.isTimestampSchema()) return decodeTimestamp(raw);
  if (schema.isBlobSchema()) return decodeBlob(raw);
  if (schema.isDocumentSchema()) return raw;
  throw new Error(`the wire does not know how to decode ${schema.getName(true) ?? 'a nameless schema'}`);
}

function decodeNumber(raw: unknown): number {
  if (typeof raw === 'bigint') return Number(raw);
  if (raw === 'NaN' || raw === 'Infinity' || raw === '-Infinity') return Number(raw);
  if (typeof raw !== 'number') throw typeError(raw, 'a Number');
  return raw;
}

/** Epoch seconds, a date text, or CBOR's tag 1. */
function decodeTimestamp(raw: unknown): Date {
  const seconds = isObject(raw) && raw['tag'] === 1 ? raw['value'] : raw;
  let date: Date | undefined;
  if (typeof seconds === 'number') date = new Date(seconds * 1000);
  else if (typeof seconds === 'string')
    date = new Date(/^-?\d+(\.\d+)?$/.test(seconds) ? Number(seconds) * 1000 : seconds);
  if (!date || Number.isNaN(date.getTime())) throw typeError(raw, 'a Timestamp');
  return date;
}

function decodeBlob(raw: unknown): Uint8Array {
  if (raw instanceof Uint8Array) return raw;
  if (typeof raw !== 'string' || !BASE64.test(raw)) throw typeError(raw, 'Base64 data');
  return Buffer.from(raw, 'base64');
}

/** Structures list their required members first and count them in the seventh place. */
function requiredCount(schema: NormalizedSchema): number {
  const raw: unknown = schema.getSchema();
  const count: unknown = Array.isArray(raw) ? raw[6] : undefined;
  return typeof count === 'number' ? count : 0;
}

function expect(ok: boolean, raw: unknown, wanted: string): unknown {
  if (!ok) throw typeError(raw, wanted);
  return raw;
}

/** In the words of AWS's own deserialiser. */
function typeError(raw: unknown, wanted: string): Error {
  if (Array.isArray(raw)) return serializationError('Start of list found where not expected');
  if (isObject(raw)) return serializationError('Start of structure or map found where not expected.');
  const found = raw === true ? 'TRUE_VALUE' : raw === false ? 'FALSE_VALUE' : `${typeof raw}_VALUE`.toUpperCase();
  return serializationError(`${found} can not be converted to ${wanted}`);
}

function property(source: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(source, name) ? source[name] : undefined;
}

/** A member's name in the paths of refusals. */
export function memberPath(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
