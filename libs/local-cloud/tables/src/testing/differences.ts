import { isObject, type Json } from '../json';
import { comparable } from './comparable';
import type { Answer } from './peers';

/**
 * Texts that AWS has and DynamoDB Local hasn't: its own (by what it starts with) and AWS's (a pattern). AWS's are those of
 * the developer guide and the API reference, and those recorded from AWS in the tests of the emulators dynalite and
 * Alternator.
 */
const TEXTS: readonly (readonly [local: string, aws: RegExp])[] = [
  ['A value provided cannot be converted into a number', /^The parameter cannot be converted to a numeric value: /],
  [
    'DynamoDB only supports precision up to 38 digits',
    /^Attempting to store more than 38 significant digits in a Number$/,
  ],
  ['The number of conditions on the keys is invalid', /^The provided key element does not match the schema$/],
  ['One of the required keys was not given a value', /Missing the key \w+ in the item$|does not match the schema$/],
  [
    'One or more parameter values were invalid: Type mismatch for key',
    /Type mismatch for key |does not match the schema$/,
  ],
  ['One or more parameter values were invalid: Type mismatch for Index Key', /Type mismatch for Index Key /],
  ['Invalid attribute value type', /Type mismatch for Index Key /],
  ['Query condition missed key schema element', /^Query condition missed key schema element: \w+$/],
  ['Input collection contains duplicates', /Input collection/],
];

/** Whether two errors are the same, but for documented differences. */
function sameError(local: Answer & { ok: false }, ours: Answer & { ok: false }): boolean {
  if (local.type === ours.type && sameText(local.message, ours.message)) {
    return JSON.stringify(comparable(local.members)) === JSON.stringify(comparable(ours.members));
  }
  // DynamoDB Local sees the second write of one item when it gets there, AWS before anything else.
  if (ours.message === 'Transaction request cannot include multiple operations on one item') {
    return local.type === 'TransactionCanceledException' || local.type === 'ValidationException';
  }
  // What no item can take is wrong with the request; DynamoDB Local finds it when it comes to the item.
  if (/ is not supported for the type [A-Z]+$/.test(ours.message) && local.type === 'ConditionalCheckFailedException') {
    return true;
  }
  return sameReason(local, ours);
}

/** Where an update has two faults of one kind, it is up to the server which of them is told. */
const FAULTS: readonly (readonly RegExp[])[] = [
  [
    /^The document path provided in the update expression is invalid for update$/,
    /^The provided expression refers to an attribute that does not exist in the item$/,
    /^An operand in the update expression has an incorrect data type$/,
  ],
  [/^Type mismatch for attribute to update$/, / is not supported for the type [A-Z]+$/],
];

function sameText(local: string, ours: string): boolean {
  if (plain(local) === plain(ours)) return true;
  const faulty = (text: string, kinds: readonly RegExp[]): boolean => kinds.some((kind) => kind.test(text));
  if (FAULTS.some((kinds) => faulty(local, kinds) && faulty(ours, kinds))) return true;
  return TEXTS.some(([start, aws]) => local.includes(start) && aws.test(ours));
}

/** A text without what has no order (placeholders that nobody uses), and what only its server knows (which pair of paths). */
function plain(text: string): string {
  return text
    .replace(/keys: \{(.*)\}$/, (_, list: string) => list.split(', ').sort().join())
    .replace(/path one: .*$/, '')
    .replace(/lower bound operand: .*$/, '');
}

/**
 * What an item can't take ends the request in DynamoDB Local, and is the reason of its action in AWS (API reference,
 * TransactionCanceledException).
 */
function sameReason(local: Answer & { ok: false }, ours: Answer & { ok: false }): boolean {
  const reasons = (ours.members['CancellationReasons'] ?? []) as { Code: string; Message?: string }[];
  const failed = reasons.filter(({ Code }) => Code === 'ValidationError');
  if (ours.type !== 'TransactionCanceledException' || failed.length === 0) return false;
  if (local.type === 'ValidationException') {
    return failed.some(({ Message = '' }) => sameText(local.message, Message));
  }
  const others = (local.members['CancellationReasons'] ?? []) as { Code: string; Message?: string }[];
  return others.some(
    ({ Code, Message = '' }, at) => Code === reasons[at]?.Code && sameText(Message, reasons[at]?.Message ?? ''),
  );
}

/** The difference between two answers that no rule explains, for the report; undefined where there is none. */
export function differenceOf(local: Answer, ours: Answer, isOrdered = true): object | undefined {
  if (!local.ok && !ours.ok && sameError(local, ours)) return undefined;
  if (local.ok && ours.ok) {
    const [left, right] = [local, ours].map(({ body }) =>
      JSON.stringify(comparable(isOrdered ? body : unordered(body))),
    );
    if (left === right) return undefined;
  }
  return { local, ours };
}

/** Without the order of items, and of whatever else has none. */
function unordered(body: Json): Json {
  const sorted = (list: unknown): unknown =>
    Array.isArray(list) ? list.map((element) => JSON.stringify(comparable(element))).sort() : list;
  return {
    ...body,
    ...(body['Items'] ? { Items: sorted(body['Items']) } : {}),
    ...(isObject(body['Responses'])
      ? {
          Responses: Object.fromEntries(
            Object.entries(body['Responses']).map(([table, items]) => [table, sorted(items)]),
          ),
        }
      : {}),
  };
}
