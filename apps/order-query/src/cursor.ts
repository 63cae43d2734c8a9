/** The last order of a page: the next one starts after it. */
export interface Position {
  readonly customerId: string;
  /** ISO-8601 with milliseconds. */
  readonly placedAt: string;
  readonly orderId: string;
}

/** First element of every cursor; a new form takes the next number, so that an old cursor is refused, not misread. */
const FORM = 1;

/** A position as an opaque word for a URL. */
export function encodeCursor({ customerId, placedAt, orderId }: Position): string {
  return Buffer.from(JSON.stringify([FORM, customerId, placedAt, orderId])).toString('base64url');
}

/** The position behind a cursor; undefined for anything but what `encodeCursor` made for this customer. */
export function decodeCursor(cursor: string, customerId: string): Position | undefined {
  const parts = parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!Array.isArray(parts)) return undefined;
  const [form, owner, placedAt, orderId]: unknown[] = parts;
  if (form !== FORM || owner !== customerId) return undefined;
  if (typeof placedAt !== 'string' || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(placedAt)) return undefined;
  if (typeof orderId !== 'string' || orderId === '' || Buffer.byteLength(orderId) > 64) return undefined;
  const position = { customerId, placedAt, orderId };
  return encodeCursor(position) === cursor ? position : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
