/** One place where a schema says something else than the released one, so that one of both sides can't read the other. */
export interface BreakingChange {
  /** JSON Pointer to the field within the event; `*` stands for any item of an array, `anyOf/0` for a branch. */
  readonly pointer: string;
  readonly problem: string;
}

/** A JSON Schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Keywords that no validator looks at. Source: JSON Schema 2020-12, Validation, 9. */
const DOCUMENTATION = ['$comment', 'title', 'description', 'examples', 'deprecated'];

/** Keywords by which a schema may refuse a field that it doesn't list. */
const CLOSING = [
  'additionalProperties',
  'unevaluatedProperties',
  'patternProperties',
  'propertyNames',
  'maxProperties',
];

/** Keywords that hold a list of schemas. */
const BRANCHES = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];

/** Keywords that hold one schema, for whatever is not listed by name. */
const REST = ['items', 'additionalProperties'];

/** Keywords that hold fields and schemas by name. */
const NAMED = ['properties', 'required', '$defs'];

/**
 * What keeps producers and consumers of the one schema from working with those of the other; empty: nothing does. Both
 * directions count, since neighbouring releases run at the same time: whatever one sends, the other has to accept. So
 * every difference is breaking but documentation and a new optional field where unknown fields are accepted. Rules that
 * JSON Schema can't express (a refinement in code) aren't seen.
 */
export function breakingChanges(released: unknown, current: unknown, pointer = ''): BreakingChange[] {
  if (!isSchema(released) || !isSchema(current)) {
    return isSame(released, current) ? [] : [{ pointer, problem: `was ${text(released)}, is now ${text(current)}` }];
  }
  return [
    ...keywordsOf(released, current).flatMap((keyword) => keywordChanges(keyword, released, current, pointer)),
    ...fieldChanges(released, current, pointer),
    ...definitionChanges(released, current),
    ...BRANCHES.flatMap((keyword) => branchChanges(keyword, released, current, pointer)),
    ...REST.flatMap((keyword) => restChanges(keyword, released, current, pointer)),
  ];
}

/** Keywords that are compared as values, not by the schemas below them. */
function keywordsOf(released: JsonSchema, current: JsonSchema): string[] {
  const keywords = [...new Set([...Object.keys(released), ...Object.keys(current)])];
  return keywords.filter((keyword) => ![DOCUMENTATION, NAMED, BRANCHES, REST].some((list) => list.includes(keyword)));
}

function keywordChanges(keyword: string, released: JsonSchema, current: JsonSchema, pointer: string): BreakingChange[] {
  const [before, after] = [released[keyword], current[keyword]];
  const changed = (problem: string): BreakingChange => ({ pointer, problem });
  if (keyword === 'type' ? isSameList(before, after) : isSame(before, after)) return [];
  if (before === undefined) return [changed(`got the constraint ${keyword} ${text(after)}`)];
  if (after === undefined) return [changed(`lost the constraint ${keyword} ${text(before)}`)];
  if (keyword !== 'enum') return [changed(`${keyword} was ${text(before)}, is now ${text(after)}`)];
  return [
    ...without(before, after).map((value) => changed(`lost the value ${value}`)),
    ...without(after, before).map((value) => changed(`got the value ${value}, which released consumers refuse`)),
  ];
}

function fieldChanges(released: JsonSchema, current: JsonSchema, pointer: string): BreakingChange[] {
  const [before, after] = [fieldsOf(released), fieldsOf(current)];
  const closedBy = CLOSING.find((keyword) => !isOpen(released[keyword]));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name): BreakingChange[] => {
    const at = `${pointer}/${escaped(name)}`;
    const [old, now] = [before.get(name), after.get(name)];
    if (!now) return [{ pointer: at, problem: 'was removed (to rename a field is to remove it)' }];
    if (!old) return newFieldProblems(now.required, closedBy).map((problem) => ({ pointer: at, problem }));
    const becomes = old.required === now.required ? [] : [now.required ? 'became required' : 'became optional'];
    return [...becomes.map((problem) => ({ pointer: at, problem })), ...breakingChanges(old.schema, now.schema, at)];
  });
}

function newFieldProblems(required: boolean, closedBy: string | undefined): string[] {
  if (required) return ['is new and required, but released producers don’t send it'];
  return closedBy === undefined ? [] : [`is new, but released consumers refuse unknown fields (${closedBy})`];
}

function definitionChanges(released: JsonSchema, current: JsonSchema): BreakingChange[] {
  const [before, after] = [released, current].map(({ $defs }) => (isSchema($defs) ? $defs : {}));
  return Object.entries(before ?? {}).flatMap(([name, schema]) =>
    breakingChanges(schema, after?.[name], `/$defs/${escaped(name)}`),
  );
}

function branchChanges(keyword: string, released: JsonSchema, current: JsonSchema, pointer: string): BreakingChange[] {
  const [before, after] = [released[keyword], current[keyword]];
  return Array.isArray(before) && Array.isArray(after) && before.length === after.length
    ? before.flatMap((branch, index) => breakingChanges(branch, after[index], `${pointer}/${keyword}/${index}`))
    : keywordChanges(keyword, released, current, pointer);
}

function restChanges(keyword: string, released: JsonSchema, current: JsonSchema, pointer: string): BreakingChange[] {
  const [before, after] = [released[keyword], current[keyword]];
  if (isOpen(before) && isOpen(after)) return [];
  return isSchema(before) && isSchema(after)
    ? breakingChanges(before, after, `${pointer}/*`)
    : keywordChanges(keyword, released, current, pointer);
}

/** A schema's fields by name, also those that are only required. */
function fieldsOf(schema: JsonSchema): Map<string, { readonly schema: unknown; readonly required: boolean }> {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const required = new Set(Array.isArray(schema['required']) ? schema['required'].map(String) : []);
  return new Map(
    [...new Set([...Object.keys(properties), ...required])].map((name) => [
      name,
      { schema: Object.hasOwn(properties, name) ? properties[name] : {}, required: required.has(name) },
    ]),
  );
}

/** Whether a keyword with this value lets everything pass. */
function isOpen(value: unknown): boolean {
  return value === undefined || value === true || (isSchema(value) && Object.keys(value).length === 0);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As RFC 6901 has it in a pointer. */
function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Whether two lists have the same values in any order. */
function isSameList(a: unknown, b: unknown): boolean {
  return [...without(a, b), ...without(b, a)].length === 0;
}

/** The values of a list that another lacks, as texts. A single value counts as a list of one. */
function without(values: unknown, others: unknown): string[] {
  const known = new Set([others].flat().map(text));
  const all = [values].flat().map(text);
  return all.filter((value) => !known.has(value));
}

function isSame(a: unknown, b: unknown): boolean {
  return text(a) === text(b);
}

/** JSON with sorted keys: two values are the same when their texts are. */
function text(value: unknown): string {
  const sorted = (_key: string, each: unknown): unknown =>
    isSchema(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each;
  return JSON.stringify(value, sorted) ?? 'undefined';
}
