import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshalPlain, unmarshalPlain } from '@outbox/function-kit';
import type { PlainItem } from '@outbox/outbox-dynamodb';
import { InvalidRequestError, type Item } from './tokens';

/** Bytes of one item (developer guide, constraints). */
const MAX_ITEM_BYTES = 400 * 1024;

/** The items of one table, by their key. */
export class MemoryTable {
  private items = new Map<string, Item>();

  constructor(
    readonly name: string,
    /** Names of the key's attributes: of the partition key, then of the sort key if there is one. */
    private readonly key: readonly string[],
  ) {}

  get(key: Item): Item | undefined {
    return this.items.get(this.place(key));
  }

  /** Where an item with this key lies. */
  place(item: Item): string {
    return JSON.stringify(this.key.map((name) => keyValue(name, item[name])));
  }

  put(item: Item): void {
    this.items.set(this.place(item), item);
  }

  remove(key: Item): void {
    this.items.delete(this.place(key));
  }

  /** The items that `fits` lets through, in the order of their sort keys. */
  query(fits: (item: Item) => boolean): readonly Item[] {
    const [, sortKey] = this.key;
    const found = [...this.items.values()].filter(fits);
    return sortKey === undefined
      ? found
      : found.sort((one, other) => compareKeys(one[sortKey] ?? NOTHING, other[sortKey] ?? NOTHING));
  }

  /** All items as plain values, in the order they were first written in. */
  list(): readonly PlainItem[] {
    return [...this.items.values()].map((item) => unmarshalPlain(item));
  }

  removeWhere(goes: (item: PlainItem) => boolean): void {
    for (const item of this.list()) if (goes(item)) this.remove(marshalPlain(item));
  }

  /** Keeps what is there now; the function that it returns brings it back, as a restore does. */
  backUp(): () => void {
    const items = new Map(this.items);
    return () => {
      this.items = new Map(items);
    };
  }
}

/**
 * The item again, if it isn't larger than an item may be, as far as its JSON tells.
 * @throws InvalidRequestError
 */
export function checkedSize(item: Item | undefined): Item | undefined {
  if (item && bytesOf(item) > MAX_ITEM_BYTES) {
    throw new InvalidRequestError('Item size has exceeded the maximum allowed size');
  }
  return item;
}

/** What an item weighs, as far as its JSON tells. */
export function bytesOf(item: Item): number {
  return Buffer.byteLength(JSON.stringify(unmarshalPlain(item)));
}

const NOTHING: AttributeValue = { S: '' };

function compareKeys(one: AttributeValue, other: AttributeValue): number {
  return one.N !== undefined && other.N !== undefined
    ? Number(one.N) - Number(other.N)
    : Buffer.compare(Buffer.from(one.S ?? one.B ?? ''), Buffer.from(other.S ?? other.B ?? ''));
}

function keyValue(name: string, value: AttributeValue | undefined): AttributeValue {
  const text = value?.S ?? value?.N ?? value?.B;
  if (value === undefined || text === undefined || text === '') {
    throw new InvalidRequestError(`One or more parameter values are not valid: the key ${name} needs a value`);
  }
  return value;
}
