/** A request that can't be understood; `field` is the header, query parameter or member of the body that is wrong. */
export class BadRequestError extends Error {
  override readonly name = 'BadRequestError';

  constructor(
    readonly field: string,
    message: string,
  ) {
    super(`${field} ${message}`);
  }
}

export type Fields = Readonly<Record<string, unknown>>;

const MAX_TEXT = 10_000;

/**
 * A JSON object.
 * @throws BadRequestError naming `field` when it is anything else
 */
export function readObject(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadRequestError(field, 'must be a JSON object');
  }
  return value as Fields;
}

/**
 * A text of 1 to 10,000 characters.
 * @throws BadRequestError naming `field` when it is anything else
 */
export function readText(value: unknown, field: string): string {
  if (typeof value !== 'string' || value === '' || value.length > MAX_TEXT) {
    throw new BadRequestError(field, `must be a text of 1 to ${MAX_TEXT} characters`);
  }
  return value;
}

/**
 * A number from `min` to `max`.
 * @throws BadRequestError naming `field` when it is anything else
 */
export function readNumber(value: unknown, field: string, min: number, max: number): number {
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw new BadRequestError(field, `must be a number from ${min} to ${max}`);
  }
  return value;
}

/**
 * A whole number from `min` to `max`.
 * @throws BadRequestError naming `field` when it is anything else
 */
export function readWholeNumber(value: unknown, field: string, min: number, max: number): number {
  if (!Number.isInteger(value)) throw new BadRequestError(field, `must be a whole number from ${min} to ${max}`);
  return readNumber(value, field, min, max);
}
