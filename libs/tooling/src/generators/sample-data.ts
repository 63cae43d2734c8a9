/** As much of JSON Schema as event schemas use. */
export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
}

const time = '2026-01-01T12:00:00.000Z';
const formats: Readonly<Record<string, string>> = {
  'date-time': time,
  date: time.slice(0, 10),
  uuid: '00000000-0000-4000-8000-000000000000',
  email: 'ada@example.com',
  uri: 'https://example.com/',
};
const texts = ['x', 'X', '1', '1.00', 'EUR', ...Object.values(formats)];

/**
 * Data that a schema allows, with required fields only. A start, not a promise: what a schema says beyond `JsonSchema` it
 * doesn't see.
 * @param name of the field: one that ends with `At` holds a time
 */
export function sampleOf(schema: JsonSchema, name = ''): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf?.[0]) return sampleOf(schema.anyOf[0], name);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((field) => [field, sampleOf(schema.properties?.[field] ?? {}, field)]),
      );
    case 'array':
      return Array.from({ length: schema.minItems ?? 1 }, () => sampleOf(schema.items ?? {}));
    case 'integer':
    case 'number':
      return Math.min(
        schema.maximum ?? Number.MAX_SAFE_INTEGER,
        Math.max(1, schema.minimum ?? 1, Math.floor(schema.exclusiveMinimum ?? 0) + 1),
      );
    case 'boolean':
      return true;
    case 'string':
      return sampleText(schema, name);
    default:
      return null;
  }
}

function sampleText({ pattern, format, minLength = 0 }: JsonSchema, name: string): string {
  const known = formats[format ?? ''];
  if (known !== undefined) return known;
  const shape = pattern === undefined ? undefined : new RegExp(pattern, 'u');
  if (shape) return texts.find((text) => shape.test(text)) ?? 'x';
  return name.endsWith('At') ? time : 'x'.repeat(Math.max(1, minLength));
}
