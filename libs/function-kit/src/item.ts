import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** A DynamoDB item. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** A key as DynamoDB takes it. Every table has the same two key attributes; what they hold belongs to an item's format. */
export function marshalKey({ pk, sk }: { readonly pk: string; readonly sk: string }) {
  return { pk: { S: pk }, sk: { S: sk } };
}

/** An item that the code that owns its format can't have written. */
export class CorruptItemError extends Error {
  override readonly name = 'CorruptItemError';

  constructor(
    readonly table: string,
    /** Partition key and sort key, with a space between. */
    readonly key: string,
    readonly attribute: string,
  ) {
    super(`item ${key} of table ${table}: attribute ${attribute} is missing or not of its type`);
  }
}

/** The attributes of one item, or of a map in it. What is not optional throws CorruptItemError. */
export interface ItemReader {
  text(name: string): string;
  number(name: string): number;
  /** Those of the attributes that are there, each a text. */
  optionalTexts<K extends string>(...names: readonly K[]): { readonly [N in K]?: string };
  optionalNumber(name: string): number | undefined;
  /** Whether an attribute is there and true. */
  flag(name: string): boolean;
  map(name: string): ItemReader;
  /** The elements of a list of maps. */
  maps(name: string): ItemReader[];
  /** @throws CorruptItemError for an attribute whose value makes no sense */
  corrupt(name: string): never;
}

/** Reads an item of a table by its attributes' names. */
export function itemReader(table: string, item: Item): ItemReader {
  const key = `${item['pk']?.S ?? '?'} ${item['sk']?.S ?? '?'}`;
  const corrupt = (name: string): never => {
    throw new CorruptItemError(table, key, name);
  };
  const readerOf = (attributes: Item, path: string): ItemReader => {
    const at = (name: string): string => path + name;
    const mapOf = (value: AttributeValue | undefined, name: string): ItemReader =>
      readerOf(value?.M ?? corrupt(at(name)), `${at(name)}.`);
    const textOf = (name: string) => attributes[name]?.S;
    const numberOf = (name: string) => (attributes[name]?.N === undefined ? undefined : Number(attributes[name].N));
    return {
      text: (name) => textOf(name) ?? corrupt(at(name)),
      number: (name) => numberOf(name) ?? corrupt(at(name)),
      optionalTexts: <K extends string>(...names: readonly K[]) =>
        Object.fromEntries(names.flatMap((name) => (textOf(name) === undefined ? [] : [[name, textOf(name)]]))) as {
          [N in K]?: string;
        },
      optionalNumber: numberOf,
      flag: (name) => attributes[name]?.BOOL === true,
      map: (name) => mapOf(attributes[name], name),
      maps: (name) =>
        (attributes[name]?.L ?? corrupt(at(name))).map((value, index) => mapOf(value, `${name}.${index}`)),
      corrupt: (name) => corrupt(at(name)),
    };
  };
  return readerOf(item, '');
}
