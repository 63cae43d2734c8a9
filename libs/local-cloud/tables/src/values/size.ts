import { setOf, type AttributeValue, type Item } from './attribute-value';

/** Source: developer guide, "DynamoDB item sizes and formats". */
const COLLECTION_OVERHEAD = 3;
const ELEMENT_OVERHEAD = 1;

/** Bytes an item counts: its names and its values. */
export function sizeOfItem(item: Item): number {
  let size = 0;
  for (const [name, value] of Object.entries(item)) size += Buffer.byteLength(name) + sizeOfValue(value);
  return size;
}

export function sizeOfValue(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return sizeOfNumber(value.N);
  if ('B' in value) return sizeOfBinary(value.B);
  if ('BOOL' in value || 'NULL' in value) return 1;
  if ('L' in value) {
    return value.L.reduce((size, element) => size + sizeOfValue(element) + ELEMENT_OVERHEAD, COLLECTION_OVERHEAD);
  }
  if ('M' in value) {
    return COLLECTION_OVERHEAD + sizeOfItem(value.M) + ELEMENT_OVERHEAD * Object.keys(value.M).length;
  }
  const set = setOf(value);
  const sizeOfElement = { SS: Buffer.byteLength, NS: sizeOfNumber, BS: sizeOfBinary }[set?.type ?? 'SS'];
  return (set?.elements ?? []).reduce((size, element) => size + sizeOfElement(element), 0);
}

/** A byte for each two significant digits, and one more; a sign is another. */
function sizeOfNumber(text: string): number {
  if (text === '0') return 1;
  const digits = text.replace('-', '').replace('.', '').replace(/^0+/, '').replace(/0+$/, '');
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

/** Bytes of a base64 text. */
export function sizeOfBinary(text: string): number {
  return (text.length / 4) * 3 - (text.endsWith('==') ? 2 : Number(text.endsWith('=')));
}
