/**
 * What is looked for: a function that says yes, a regular expression for a text, or a value of which objects may leave
 * members out. Lists have to be as long as what they are compared with.
 */
export type Wanted<T = unknown> = ((found: T) => boolean) | Pattern;

/** A value of JSON with regular expressions for texts. */
export type Pattern =
  string | number | boolean | null | RegExp | readonly Pattern[] | { readonly [member: string]: Pattern };

/** Whether `found` is what is wanted. */
export function matches<T>(found: T, wanted: Wanted<T>): boolean {
  return typeof wanted === 'function' ? wanted(found) : fits(found, wanted);
}

function fits(found: unknown, wanted: Pattern): boolean {
  if (wanted instanceof RegExp) return typeof found === 'string' && new RegExp(wanted.source, wanted.flags).test(found);
  if (typeof wanted !== 'object' || wanted === null) return Object.is(found, wanted);
  if (typeof found !== 'object' || found === null) return false;
  if (isList(wanted)) {
    return Array.isArray(found) && found.length === wanted.length && wanted.every((each, at) => fits(found[at], each));
  }
  return Object.entries(wanted).every(
    ([name, each]) => Object.hasOwn(found, name) && fits((found as Record<string, unknown>)[name], each),
  );
}

function isList(wanted: Pattern): wanted is readonly Pattern[] {
  return Array.isArray(wanted);
}

/** What is wanted, in words for a message. */
export function describeWanted(wanted: Wanted<never>): string {
  if (typeof wanted === 'function') return wanted.toString();
  if (wanted instanceof RegExp) return String(wanted);
  return JSON.stringify(wanted, (_name, value: unknown) => (value instanceof RegExp ? String(value) : value));
}
