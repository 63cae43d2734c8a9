import type { NormalizedSchema } from '@smithy/core/schema';
import { parseText } from '../scalars';
import { serializationError } from '../wire-errors';

/** An element, without its namespace's prefix. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

const MAX_DEPTH = 64;
const NOT_XML = 'The XML you provided was not well-formed or did not validate against our published schema';

const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s<>]+)\s*>|<([^\s<>/!?]+)((?:\s+[^\s=<>/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;

/**
 * The root element of a document. Document types are refused with everything else that isn't plain XML: no entity is
 * ever expanded but XML's own five.
 * @throws AwsError for what is no XML
 */
export function parseXml(text: string): XmlElement {
  const top: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text);
    const parent = open.at(-1);
    if (!token || !parent) throw serializationError(NOT_XML);
    const [, literal, closing, name, attributes, alone, plain] = token;
    if (literal !== undefined) parent.text += literal;
    else if (plain !== undefined) parent.text += unescape(plain);
    else if (closing !== undefined) {
      if (open.length === 1 || parent.name !== localName(closing)) throw serializationError(NOT_XML);
      open.pop();
    } else if (name !== undefined) {
      const element = { name: localName(name), attributes: readAttributes(attributes ?? ''), children: [], text: '' };
      parent.children.push(element);
      if (alone === '') open.push(element);
      if (open.length > MAX_DEPTH) throw serializationError('The request is nested too deeply.');
    }
  }
  const [root, ...others] = top.children;
  if (!root || others.length > 0 || open.length !== 1) throw serializationError(NOT_XML);
  return root;
}

/** An element as plain data by its schema, for the decoder; a list of a structure's is told by its members' names. */
export function readXml(schema: NormalizedSchema, element: XmlElement): unknown {
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    const name = item.getMergedTraits().xmlName ?? 'member';
    return element.children.filter((child) => child.name === name).map((child) => readXml(item, child));
  }
  if (!schema.isStructSchema()) return parseText(schema, element.text);
  return Object.fromEntries(
    [...schema.structIterator()].flatMap(([name, member]) => {
      const value = readMember(member, member.getMergedTraits().xmlName ?? name, element);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function readMember(member: NormalizedSchema, name: string, element: XmlElement): unknown {
  const { xmlAttribute, xmlFlattened } = member.getMergedTraits();
  if (xmlAttribute !== undefined) return element.attributes[localName(name)];
  const found = element.children.filter((child) => child.name === name);
  const [first] = found;
  if (!first) return undefined;
  if (xmlFlattened === undefined || !member.isListSchema()) return readXml(member, first);
  return found.map((child) => readXml(member.getValueSchema(), child));
}

function readAttributes(text: string): Record<string, string> {
  const found = text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  return Object.fromEntries([...found].map(([, name = '', a, b]) => [localName(name), unescape(a ?? b ?? '')]));
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replace(/&([^;\s]{1,10});/g, (_, entity: string) => {
    const code = /^#(?:x([\da-f]+)|(\d+))$/i.exec(entity);
    const point = code ? Number.parseInt(code[1] ?? code[2] ?? '', code[1] === undefined ? 10 : 16) : undefined;
    if (point !== undefined && point > 0 && point <= 0x10ffff) return String.fromCodePoint(point);
    const known = Object.hasOwn(ENTITIES, entity) ? ENTITIES[entity] : undefined;
    if (known === undefined) throw serializationError(NOT_XML);
    return known;
  });
}
