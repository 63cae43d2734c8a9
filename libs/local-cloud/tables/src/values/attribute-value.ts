/** An attribute's value as it is on the wire: exactly one member, named after its type. Bytes are base64. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Item };

/** Attributes by name. Names are the client's: read them with `own`. */
export type Item = Readonly<Record<string, AttributeValue>>;

export type ValueType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'SS' | 'NS' | 'BS' | 'L' | 'M';

/** Types a key may have. */
export type KeyType = 'S' | 'N' | 'B';

/** In the order in which DynamoDB lists them in errors. */
export const VALUE_TYPES: readonly ValueType[] = ['N', 'BS', 'L', 'B', 'NULL', 'M', 'S', 'SS', 'NS', 'BOOL'];

export function typeOf(value: AttributeValue): ValueType {
  for (const type in value) return type as ValueType;
  throw new Error('an attribute value has no type');
}

/** The elements of a set and which type of set it is; undefined for any other value. */
export function setOf(value: AttributeValue): { type: 'SS' | 'NS' | 'BS'; elements: readonly string[] } | undefined {
  if ('SS' in value) return { type: 'SS', elements: value.SS };
  if ('NS' in value) return { type: 'NS', elements: value.NS };
  if ('BS' in value) return { type: 'BS', elements: value.BS };
  return undefined;
}

export function makeSet(type: 'SS' | 'NS' | 'BS', elements: readonly string[]): AttributeValue {
  if (type === 'SS') return { SS: elements };
  return type === 'NS' ? { NS: elements } : { BS: elements };
}
