import type { NormalizedSchema } from '@smithy/core/schema';
import { parseText } from './scalars';
import { serializationError } from './wire-errors';

interface FormNode {
  value?: string;
  readonly children: Map<string, FormNode>;
}

/** More parts in one key than any shape has levels. */
const MAX_PARTS = 64;

/** More fields than the largest request has (a batch of 10 messages with 10 attributes each needs about 500). */
const MAX_FIELDS = 20_000;

/**
 * Turns a Query protocol form (`Tags.member.1.Key=…`, `Attribute.1.Name=…`) into plain data by the input's schema.
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 * @throws AwsError `SerializationException` when a field's text is not of its type.
 */
export function readForm(schema: NormalizedSchema, form: URLSearchParams): Record<string, unknown> {
  return readStruct(schema, tree(form));
}

function tree(form: URLSearchParams): FormNode {
  const root: FormNode = { children: new Map() };
  let fields = 0;
  for (const [key, value] of form) {
    if (++fields > MAX_FIELDS) throw serializationError('The request has too many fields.');
    const parts = key.split('.');
    if (parts.length > MAX_PARTS) throw serializationError(`The field ${key.slice(0, 64)} is nested too deeply.`);
    let node = root;
    for (const part of parts) {
      let child = node.children.get(part);
      if (!child) node.children.set(part, (child = { children: new Map() }));
      node = child;
    }
    node.value = value;
  }
  return root;
}

function readStruct(schema: NormalizedSchema, node: FormNode): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(member.getMergedTraits().xmlName ?? name) ?? emptyList(member, node, name);
    const value = child && readValue(member, child);
    if (value !== undefined) plain[name] = value;
  }
  return plain;
}

/** boto3 up to 1.28 writes an empty flattened list under the member's own name: `Entries=`. */
function emptyList(member: NormalizedSchema, node: FormNode, name: string): FormNode | undefined {
  const child = member.isListSchema() ? node.children.get(name) : undefined;
  return child?.value === '' ? child : undefined;
}

function readValue(schema: NormalizedSchema, node: FormNode): unknown {
  if (schema.isStructSchema()) return readStruct(schema, node);
  if (schema.isListSchema()) return readList(schema, node);
  if (schema.isMapSchema()) return readMap(schema, node);
  return node.value === undefined ? undefined : parseText(schema, node.value);
}

/** `Name=` alone is how clients write an empty list. */
function readList(schema: NormalizedSchema, node: FormNode): unknown[] {
  const item = schema.getValueSchema();
  const flattened = schema.getMergedTraits().xmlFlattened !== undefined;
  const entries = flattened
    ? numberedOrOnly(node)
    : numbered(node.children.get(item.getMergedTraits().xmlName ?? 'member'));
  return entries.map((child) => readValue(item, child));
}

function readMap(schema: NormalizedSchema, node: FormNode): Record<string, unknown> {
  const keyName = schema.getKeySchema().getMergedTraits().xmlName ?? 'key';
  const item = schema.getValueSchema();
  const valueName = item.getMergedTraits().xmlName ?? 'value';
  const flattened = schema.getMergedTraits().xmlFlattened !== undefined;
  const entries: [string, unknown][] = [];
  for (const entry of flattened ? numberedOrOnly(node) : numbered(node.children.get('entry'))) {
    const key = entry.children.get(keyName)?.value;
    const value = entry.children.get(valueName);
    if (key === undefined || !value) throw serializationError('A map entry needs both a key and a value.');
    entries.push([key, readValue(item, value)]);
  }
  return Object.fromEntries(entries);
}

function numbered(node: FormNode | undefined): FormNode[] {
  return [...(node?.children ?? [])]
    .filter(([key]) => /^\d{1,9}$/.test(key))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}

/** The entries of a flattened list or map; clients leave out the number of an only one: `AttributeName=All`. */
function numberedOrOnly(node: FormNode): FormNode[] {
  const entries = numbered(node);
  return entries.length === 0 && (node.value || node.children.size > 0) ? [node] : entries;
}
