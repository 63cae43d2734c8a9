import { isJsonObject, type Json } from '@outbox/local-cloud-pattern';

/** A key, an index, or every element. */
type Step = string | number | '*all*';

/** A parsed JSON path of EventBridge's small dialect. */
export type JsonPath = readonly Step[];

const ALL = '*all*';
const STEP = /\.([A-Za-z0-9_/-]+)|\['([^']+)'\]|\[(\d+)\]|\[(\*)\]/y;

/**
 * Reads `$.a.b[0].c[*]`, the whole dialect of input paths and pipe templates: no filters, slices or functions
 * (EventBridge guide, "Input transformation").
 * @returns undefined when the text is no such path
 */
export function parsePath(text: string): JsonPath | undefined {
  if (!text.startsWith('$')) return undefined;
  const steps: Step[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text);
    if (!match) return undefined;
    const [, key, quoted, index, all] = match;
    if (all !== undefined) steps.push(ALL);
    else if (index !== undefined) steps.push(Number(index));
    else steps.push(key ?? quoted ?? '');
  }
  return steps;
}

/** The value at the path, or undefined where there is none. `[*]` answers a list. */
export function valueAt(value: Json | undefined, path: JsonPath): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined || value === undefined) return value;
  if (step === ALL) {
    if (!Array.isArray(value)) return undefined;
    return value.map((element) => valueAt(element, rest)).filter((found) => found !== undefined);
  }
  if (typeof step === 'number') return Array.isArray(value) ? valueAt(value[step], rest) : undefined;
  return isJsonObject(value) && Object.hasOwn(value, step) ? valueAt(value[step], rest) : undefined;
}
