import type { NormalizedSchema } from '@smithy/core/schema';
import { wireName } from './decode';

/** How a protocol writes the two scalars that differ between JSON and CBOR. */
export interface PlainFormat {
  timestamp(date: Date, schema: NormalizedSchema): unknown;
  blob(bytes: Uint8Array): unknown;
}

/**
 * Turns an output in the SDK's shape into plain data by its schema: modelled members only, absent ones left out.
 * @throws Error when a handler returned something its schema does not allow: a defect of the engine.
 */
export function encodeStruct(schema: NormalizedSchema, value: unknown, format: PlainFormat): Record<string, unknown> {
  const source = record(value, schema);
  const plain: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const item = source[name];
    if (item !== undefined && item !== null) plain[wireName(name, member)] = encodeValue(member, item, format);
  }
  return plain;
}

/** One value of any schema; see `encodeStruct`. */
export function encodeValue(schema: NormalizedSchema, value: unknown, format: PlainFormat): unknown {
  if (schema.isStructSchema()) return encodeStruct(schema, value, format);
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw mismatch(schema, value);
    const item = schema.getValueSchema();
    return value.filter(isPresent).map((element: unknown) => encodeValue(item, element, format));
  }
  if (schema.isMapSchema()) {
    const item = schema.getValueSchema();
    const entries = Object.entries(record(value, schema)).filter(([, element]) => isPresent(element));
    return Object.fromEntries(entries.map(([key, element]) => [key, encodeValue(item, element, format)]));
  }
  if (schema.isTimestampSchema()) {
    if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw mismatch(schema, value);
    return format.timestamp(value, schema);
  }
  if (schema.isBlobSchema()) {
    if (!(value instanceof Uint8Array)) throw mismatch(schema, value);
    return format.blob(value);
  }
  if (!isScalar(schema, value)) throw mismatch(schema, value);
  return value;
}

function isScalar(schema: NormalizedSchema, value: unknown): boolean {
  if (schema.isStringSchema()) return typeof value === 'string';
  if (schema.isBooleanSchema()) return typeof value === 'boolean';
  if (schema.isNumericSchema()) return typeof value === 'number';
  return true;
}

function record(value: unknown, schema: NormalizedSchema): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch(schema, value);
  return value as Record<string, unknown>;
}

function mismatch(schema: NormalizedSchema, value: unknown): Error {
  const where = schema.getMemberName() ?? schema.getName() ?? 'a value';
  return new Error(
    `an answer holds ${value === null ? 'null' : typeof value} at ${where}, which its schema does not allow`,
  );
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}
