/** Any JSON value, as events and patterns hold it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export type JsonObject = { [key: string]: Json };

/** Parses JSON text, or answers undefined when it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** What `JSON.parse` tells about a value: its text. */
interface JsonSource {
  readonly source?: string;
}

/** V8's part of the JSON of ECMAScript 2026, which TypeScript's library doesn't declare yet. */
const exactJson = JSON as unknown as {
  parse(text: string, revive: (key: string, value: unknown, context: JsonSource) => unknown): unknown;
  rawJSON(text: string): number;
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
};

/**
 * Parses JSON text so that writing it out again keeps the digits of every number, such as 9007199254740993. Such a number
 * is opaque; `numberText` tells how it is written.
 * @throws SyntaxError
 */
export function parseExactJson(text: string): Json {
  return exactJson.parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? exactJson.rawJSON(source) : value,
  ) as Json;
}

/** What patterns are matched with: exactly parsed JSON, or undefined when the text is none. */
export function parseForMatching(text: string): Json | undefined {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}

/** How `parseExactJson` found a number whose digits it keeps; undefined for any other value. */
export function numberText(value: unknown): string | undefined {
  return exactJson.isRawJSON(value) ? value.rawJSON : undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !exactJson.isRawJSON(value);
}

/** Takes out the white space between tokens and leaves every number and string as written. */
export function minifyJson(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
}

/** How deep the value nests; a scalar is 0. Iterative, so that hostile depth cannot overflow the stack. */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '{' || token === '[') deepest = Math.max(deepest, ++depth);
    else if (token === '}' || token === ']') depth--;
  }
  return deepest;
}
