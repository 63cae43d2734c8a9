/** A name of the example's domain, and where it is written. */
export interface DomainName {
  readonly name: string;
  /** Path of the file, then the line. */
  readonly place: string;
}

/** The example's words that are no others', in the singular. */
const WORDS = new Set(['fulfilment', 'shipment', 'sku']);

/** What stands before `order` where it says how one thing comes after another. */
const SEQUENCE = [
  ...['in', 'out of', 'in an', 'have an', 'any', 'no', 'same', 'right', 'reverse', 'whatever', 'which'],
  ...['the', 'its', 'this', 'that', 'their', 'whose', 'what', 'to', 'sort', 'sweep', 'duplicates and', 'byte', 'other'],
];
/** What follows it nevertheless where an order has it: a sequence has none. */
const OF_AN_ORDER = ['api', 'created', 'event', 'events', 'id', 'ids', 'item', 'row', 's', 'table', 'updated', 'view'];
/** What follows `customer` where AWS speaks of whoever pays. */
const OF_AN_ACCOUNT = ['managed', 'key'];

/**
 * Where a text names the example's domain: in identifiers of any form (`orderId`, `ORDER_ID`, `order-view`) and in prose.
 * `order` as in "in order" is left out; in doubt it is taken for the domain's.
 */
export function domainNamesIn(path: string, text: string): DomainName[] {
  return text
    .split('\n')
    .flatMap((line, index) => namesOfLine(line).map((name): DomainName => ({ name, place: `${path}:${index + 1}` })));
}

function namesOfLine(line: string): string[] {
  // `orderId`, `ORDER_ID` and `order-id` are two words each.
  const words = [...line.matchAll(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g)];
  return words.flatMap(({ 0: word, index }, at) => {
    const before = words.slice(0, at).map(([each]) => each.toLowerCase());
    // Joined to it: of "ORDER, events" the second belongs to something else.
    const [, after = ''] = /^[ _'’-]?([A-Z]?[a-z]+|[A-Z]+)/.exec(line.slice(index + word.length)) ?? [];
    return isOfDomain(word.toLowerCase(), ` ${before.join(' ')}`, after.toLowerCase()) ? [word] : [];
  });
}

function isOfDomain(word: string, before: string, after: string): boolean {
  const singular = word.replace(/s$/, '');
  if (singular === 'customer') return !OF_AN_ACCOUNT.includes(after);
  if (word !== 'order') return word === 'orders' || WORDS.has(singular);
  return OF_AN_ORDER.includes(after) || !SEQUENCE.some((phrase) => before.endsWith(` ${phrase}`));
}
