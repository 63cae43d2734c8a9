import type { NormalizedSchema } from '@smithy/core/schema';
import { serializationError } from './wire-errors';

/** Smithy's timestamp formats, as the schemas number them. */
export const DATE_TIME = 5;
export const HTTP_DATE = 6;
export const EPOCH_SECONDS = 7;

/** The format a timestamp's schema asks for, or the protocol's default. */
export function timestampFormat(schema: NormalizedSchema, protocolDefault: number): number {
  const own = schema.getSchema();
  return own === DATE_TIME || own === HTTP_DATE || own === EPOCH_SECONDS ? own : protocolDefault;
}

/** A timestamp as text or number in one of Smithy's three formats. */
export function formatTimestamp(date: Date, format: number): string | number {
  if (format === EPOCH_SECONDS) return date.getTime() / 1000;
  if (format === HTTP_DATE) return date.toUTCString();
  return date.toISOString().replace('.000Z', 'Z');
}

/**
 * A scalar that came as text (form field, header, query string, path label) in the type its schema names.
 * Blobs and timestamps stay text: the decoder reads them.
 * @throws AwsError when the text is no such value.
 */
export function parseText(schema: NormalizedSchema, text: string): unknown {
  if (schema.isNumericSchema()) {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value))
      throw serializationError(`STRING_VALUE can not be converted to a number: ${text.slice(0, 64)}`);
    return value;
  }
  if (schema.isBooleanSchema()) {
    if (text === 'true' || text === 'false') return text === 'true';
    throw serializationError(`STRING_VALUE can not be converted to a boolean: ${text.slice(0, 64)}`);
  }
  return text;
}

/** The other way round, for headers. */
export function formatText(schema: NormalizedSchema, value: unknown, timestampDefault: number): string {
  if (value instanceof Date) return String(formatTimestamp(value, timestampFormat(schema, timestampDefault)));
  return String(value);
}
