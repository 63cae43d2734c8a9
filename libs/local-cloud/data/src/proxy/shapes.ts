import { AwsError } from '@outbox/local-cloud-kernel';
import type { Json } from './json';

/** Turns the SDK's shape into the JSON of the wire: bytes to base64, dates to epoch seconds. */
export function toJson(input: object): Json {
  return plain(input) as Json;
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, plain(member)]),
  );
}

/**
 * The reverse. In DynamoDB's JSON a number under `…DateTime` is a date, and a string under `B` (strings under `BS`) is
 * binary: attributes of items are always objects, so their names can't be taken for either.
 */
export function fromJson(answer: Json): Json {
  return shaped(answer) as Json;
}

function shaped(value: unknown, name = ''): unknown {
  if (typeof value === 'number' && name.endsWith('DateTime')) return new Date(Math.round(value * 1000));
  if (typeof value === 'string' && name === 'B') return bytes(value);
  if (Array.isArray(value)) {
    return value.map((item: unknown) => (name === 'BS' && typeof item === 'string' ? bytes(item) : shaped(item)));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shaped(member, key)]));
}

/** An error whose members are in the SDK's shape, for callers inside the engine. */
export function shapedError(error: unknown): unknown {
  if (!(error instanceof AwsError)) return error;
  const { code, message, status, queryCode, members, cause } = error;
  return new AwsError(code, message, {
    status,
    members: fromJson({ ...members }),
    ...(queryCode === undefined ? {} : { queryCode }),
    cause,
  });
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'));
}
