import { ORDER_STATUSES } from '@outbox/orders-events';
import * as z from 'zod/mini';
import { decimalsOf } from './currency';
import { parseAmount } from './money';
import type { ChangeOrder, PlaceOrder, Violation } from './order';

/** Items an order has at the most. */
export const MAX_ITEMS = 500;
const MAX_ID_BYTES = 64;
const MAX_QUANTITY = 1_000_000;

/** What zod/mini says when it has nothing to say. */
const NO_TEXT = 'Invalid input';

/** A body, valid, or every invalid part of it. */
export type ParsedRequest<T> =
  | { readonly kind: 'valid'; readonly value: T }
  | { readonly kind: 'invalid'; readonly violations: readonly Violation[] };

/** Text that is safe as a key, in a message, in a log line and on a label: whole characters that mean something. */
const id = z.string().check(
  z.minLength(1, 'must not be empty'),
  z.refine((text) => utf8Bytes(text) <= MAX_ID_BYTES, `must be at most ${MAX_ID_BYTES} bytes of UTF-8`),
  z.refine(
    (text) => text.isWellFormed() && !/[\p{Cc}\p{Noncharacter_Code_Point}]/u.test(text),
    'must not hold control characters, halves of a surrogate pair, or code points that are no characters',
  ),
);

const item = z.strictObject({
  sku: id,
  quantity: z
    .int('must be a whole number')
    .check(z.gte(1, 'must be at least 1'), z.lte(MAX_QUANTITY, `must be at most ${MAX_QUANTITY}`)),
  unitPrice: z.string(),
});

const items = z
  .array(item)
  .check(z.minLength(1, 'must not be empty'), z.maxLength(MAX_ITEMS, `must be at most ${MAX_ITEMS} items`));

const currency = z
  .string()
  .check(z.refine((code) => decimalsOf(code) !== undefined, 'must be an active ISO 4217 currency code, such as EUR'));

const placeOrder = z.strictObject({ customerId: id, currency, items });

const changeOrder = z
  .strictObject({ status: z.optional(z.enum(ORDER_STATUSES)), items: z.optional(items) })
  .check(z.refine((change) => change.status !== undefined || change.items !== undefined, 'must hold status or items'));

/** The bodies of requests, for the API's contract; what they are read by is `parsePlaceOrder` and `parseChangeOrder`. */
export const REQUEST_SCHEMAS = { placeOrder, changeOrder } as const;

/** Reads a body of POST /orders; names every invalid part at once, prices by the currency's decimals included. */
export function parsePlaceOrder(body: unknown): ParsedRequest<PlaceOrder> {
  const parsed = parse(placeOrder, body);
  return parsed.kind === 'valid' ? parsed : { ...parsed, violations: [...parsed.violations, ...priceViolations(body)] };
}

/** Reads a body of PATCH /orders/{orderId}. */
export function parseChangeOrder(body: unknown): ParsedRequest<ChangeOrder> {
  return parse(changeOrder, body);
}

function parse<T>(schema: z.ZodMiniType<T>, body: unknown): ParsedRequest<T> {
  const parsed = z.safeParse(schema, body, { reportInput: true });
  if (parsed.success) return { kind: 'valid', value: parsed.data };
  return { kind: 'invalid', violations: parsed.error.issues.flatMap(violationsOf) };
}

/** An unknown field is named itself, not the object that holds it. */
function violationsOf(issue: z.core.$ZodIssue): Violation[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: pointer([...issue.path, key]), detail: 'is not a known field' }));
  }
  return [{ pointer: pointer(issue.path), detail: detailOf(issue) }];
}

/** zod/mini carries no texts of its own: what no check here worded is worded by its code. */
function detailOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`;
  if (issue.code !== 'invalid_type' || issue.message !== NO_TEXT) return issue.message;
  return issue.input === undefined ? 'is missing' : `must be of type ${issue.expected}`;
}

/** What is wrong with prices in a body that is invalid elsewhere; whatever can't be read is somebody else's violation. */
function priceViolations(body: unknown): Violation[] {
  const { currency, items: list } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const decimals = typeof currency === 'string' ? decimalsOf(currency) : undefined;
  if (decimals === undefined || !Array.isArray(list)) return [];
  return list.slice(0, MAX_ITEMS).flatMap((entry: unknown, index) => {
    const price: unknown =
      typeof entry === 'object' && entry !== null && 'unitPrice' in entry ? entry.unitPrice : undefined;
    const amount = typeof price === 'string' ? parseAmount(price, decimals) : undefined;
    return amount?.kind === 'invalid' ? [{ pointer: `/items/${index}/unitPrice`, detail: amount.detail }] : [];
  });
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
