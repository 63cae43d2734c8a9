import type { NormalizedSchema } from '@smithy/core/schema';
import { DATE_TIME, formatText } from './scalars';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

/** Text as XML content; what XML 1.0 can't hold at all becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character)
    .replace(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}

/** The members of a structure as XML elements, without an element around them. */
export function writeXml(schema: NormalizedSchema, value: unknown): string {
  if (typeof value !== 'object' || value === null)
    throw new Error(`an answer holds no ${schema.getName() ?? 'structure'}`);
  const source = value as Record<string, unknown>;
  let xml = '';
  for (const [name, member] of schema.structIterator()) {
    const item = source[name];
    if (item !== undefined && item !== null) xml += writeMember(member, member.getMergedTraits().xmlName ?? name, item);
  }
  return xml;
}

function writeMember(schema: NormalizedSchema, name: string, value: unknown): string {
  const flattened = schema.getMergedTraits().xmlFlattened !== undefined;
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw new Error(`an answer holds no list at ${name}`);
    const item = schema.getValueSchema();
    const itemName = flattened ? name : (item.getMergedTraits().xmlName ?? 'member');
    const xml = value.map((element: unknown) => writeMember(item, itemName, element)).join('');
    return flattened ? xml : element(name, xml);
  }
  if (schema.isMapSchema()) {
    const xml = Object.entries(value as object)
      .filter(([, item]) => item !== undefined && item !== null)
      .map(([key, item]) => writeEntry(schema, flattened ? name : 'entry', key, item))
      .join('');
    return flattened ? xml : element(name, xml);
  }
  return element(name, schema.isStructSchema() ? writeXml(schema, value) : escapeXml(writeScalar(schema, value)));
}

function writeEntry(map: NormalizedSchema, name: string, key: string, value: unknown): string {
  const keyName = map.getKeySchema().getMergedTraits().xmlName ?? 'key';
  const item = map.getValueSchema();
  const valueName = item.getMergedTraits().xmlName ?? 'value';
  return element(name, element(keyName, escapeXml(key)) + writeMember(item, valueName, value));
}

function writeScalar(schema: NormalizedSchema, value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return formatText(schema, value, DATE_TIME);
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}
