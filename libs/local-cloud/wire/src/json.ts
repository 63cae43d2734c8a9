import type { NormalizedSchema } from '@smithy/core/schema';
import type { PlainFormat } from './encode';
import { EPOCH_SECONDS, formatTimestamp, timestampFormat } from './scalars';
import { serializationError } from './wire-errors';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** JSON's timestamps are epoch seconds unless the schema says otherwise; blobs are base64. */
export const JSON_FORMAT: PlainFormat = {
  timestamp: (date: Date, schema: NormalizedSchema) => formatTimestamp(date, timestampFormat(schema, EPOCH_SECONDS)),
  blob: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
};

/**
 * A JSON object out of a request body; an empty body is an empty object.
 * @throws AwsError `SerializationException` for anything else.
 */
export function parseJsonObject(body: Uint8Array): Record<string, unknown> {
  if (body.byteLength === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(body));
  } catch (error) {
    throw serializationError(
      `Could not parse request body into json: ${error instanceof Error ? error.message : 'invalid'}`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw serializationError('Could not parse request body into json: an object is expected');
  }
  return value as Record<string, unknown>;
}
