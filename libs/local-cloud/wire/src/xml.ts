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
    const isAttribute = member.getMergedTraits().xmlAttribute !== undefined;
    if (item !== undefined && item !== null && !isAttribute)
      xml += writeMember(member, member.getMergedTraits().xmlName ?? name, item);
  }
  return xml;
}

/** A member as an element of that name. */
export function writeMember(schema: NormalizedSchema, name: string, value: unknown): string {
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
  if (!schema.isStructSchema()) return element(name, escapeXml(writeScalar(schema, value)));
  return element(name, writeXml(schema, value), attributes(schema, value as Record<string, unknown>));
}

/** What of a structure is written into its element's tag: S3's grantees say there what they are. */
function attributes(schema: NormalizedSchema, source: Readonly<Record<string, unknown>>): string {
  const namespace = schema.getMergedTraits().xmlNamespace;
  const declared = namespace ? [` xmlns:${namespace[0]}="${namespace[1]}"`] : [];
  const members = [...schema.structIterator()].flatMap(([name, member]) => {
    const { xmlAttribute, xmlName = name } = member.getMergedTraits();
    const value = source[name];
    return xmlAttribute && value !== undefined ? [` ${xmlName}="${escapeXml(writeScalar(member, value))}"`] : [];
  });
  return [...declared, ...members].join('');
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

function element(name: string, content: string, tagged = ''): string {
  return `<${name}${tagged}>${content}</${name}>`;
}
