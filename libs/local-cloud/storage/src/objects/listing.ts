/** What a list is asked for, whatever it lists. */
export interface ListOptions {
  readonly prefix: string;
  readonly delimiter: string;
  readonly most: number;
  /** Whether an element comes after where the list is to begin. */
  readonly isAfter: (key: string) => boolean;
}

export interface Listed<T> {
  readonly items: readonly T[];
  /** What keys have in common up to the delimiter. */
  readonly prefixes: readonly string[];
  /** The last key or common prefix, where there is more. */
  readonly last?: string;
}

/**
 * A page of elements in order of their keys; those that share what lies between prefix and delimiter are one element.
 * Source: S3 user guide, "Organizing objects using prefixes", and API reference, ListObjectsV2.
 */
export function listKeys<T extends { readonly key: string }>(sorted: readonly T[], options: ListOptions): Listed<T> {
  const items: T[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  // A page of nothing has no other one after it.
  if (options.most === 0) return { items, prefixes };
  for (const item of sorted) {
    if (!item.key.startsWith(options.prefix)) continue;
    const common = commonPrefix(item.key, options);
    if (common !== undefined && prefixes.at(-1) === common) continue;
    // A page that ended with a common prefix has listed everything under it.
    if (!options.isAfter(common ?? item.key)) continue;
    if (items.length + prefixes.length === options.most)
      return { items, prefixes, ...(last === undefined ? {} : { last }) };
    if (common === undefined) items.push(item);
    else prefixes.push(common);
    last = common ?? item.key;
  }
  return { items, prefixes };
}

/** Whether a key comes after another one, by bytes. */
export function comesAfter(key: string, other: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(other)) > 0;
}

/** Keys as `EncodingType: url` has them; otherwise as they are. */
export function encodeKeys(encoding: string | undefined): (text: string) => string {
  if (encoding !== 'url') return (text) => text;
  return (text) => encodeURIComponent(text).replace(/%2F/g, '/');
}

function commonPrefix(key: string, { delimiter, prefix }: ListOptions): string | undefined {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
