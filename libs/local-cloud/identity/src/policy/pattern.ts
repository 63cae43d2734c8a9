/**
 * Looks up a condition key (lower case) for a policy variable; undefined where `${` is text as any other: before
 * version 2012-10-17. Source: IAM user guide, "IAM JSON policy elements: Version".
 */
export type VariableLookup = ((key: string) => readonly string[]) | undefined;

const compiled = new Map<string, RegExp>();
const COMPILED_LIMIT = 5_000;

/** `*` and `?` as IAM reads them, over the whole text. */
export function matchesGlob(pattern: string, text: string, ignoreCase = false): boolean {
  const key = ignoreCase ? `i${pattern}` : `c${pattern}`;
  let regex = compiled.get(key);
  if (!regex) {
    if (compiled.size >= COMPILED_LIMIT) compiled.clear();
    regex = new RegExp(`^${toSource(pattern)}$`, ignoreCase ? 'is' : 's');
    compiled.set(key, regex);
  }
  return regex.test(text);
}

/**
 * As `matchesGlob` with the policy variables of version 2012-10-17 (`${aws:PrincipalAccount}`, `${key, 'default'}`,
 * `${*}`, `${?}`, `${$}`). A value put in is matched literally. A variable without a value matches nothing.
 * Source: IAM user guide, "Policy variables".
 */
export function matchesWithVariables(pattern: string, text: string, lookup: VariableLookup): boolean {
  if (!lookup || !pattern.includes('${')) return matchesGlob(pattern, text);
  let source = '';
  for (const part of pattern.split(/(\$\{[^}]*\})/)) {
    if (!part.startsWith('${')) {
      source += toSource(part);
      continue;
    }
    const value = valueOf(part.slice(2, -1), lookup);
    if (value === undefined) return false;
    source += escape(value);
  }
  return new RegExp(`^${source}$`, 's').test(text);
}

/** Puts policy variables into a value that is compared without wildcards; undefined when one has no value. */
export function substitute(value: string, lookup: VariableLookup): string | undefined {
  if (!lookup) return value;
  let missing = false;
  const text = value.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const found = valueOf(name, lookup);
    if (found === undefined) missing = true;
    return found ?? '';
  });
  return missing ? undefined : text;
}

/**
 * ARNs compared part by part, each of which may hold wildcards that don't cross a colon (the last part may).
 * Source: IAM user guide, "Amazon Resource Name (ARN) condition operators".
 */
export function matchesArn(pattern: string, text: string, lookup: VariableLookup): boolean {
  if (pattern === '*') return true;
  const patterns = splitArn(pattern);
  const parts = splitArn(text);
  if (!patterns || !parts) return false;
  return patterns.every((part, index) => matchesWithVariables(part, parts[index] ?? '', lookup));
}

/** Six parts, the last with any further colons; a variable's own colons don't separate. */
function splitArn(text: string): string[] | undefined {
  const parts: string[] = [];
  let part = '';
  let inVariable = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (text.startsWith('${', index)) inVariable = true;
    else if (char === '}') inVariable = false;
    if (char === ':' && !inVariable && parts.length < 5) {
      parts.push(part);
      part = '';
    } else {
      part += char;
    }
  }
  return parts.length === 5 ? [...parts, part] : undefined;
}

function valueOf(variable: string, lookup: NonNullable<VariableLookup>): string | undefined {
  if (variable === '*' || variable === '?' || variable === '$') return variable;
  const [, name = '', fallback] = /^([^,]*)(?:,(.*))?$/s.exec(variable) ?? [];
  const values = lookup(name.trim().toLowerCase());
  if (values.length === 1) return values[0];
  return fallback?.trim().replace(/^'(.*)'$/s, '$1');
}

function toSource(glob: string): string {
  return escape(glob).replace(/\\\*/g, '.*').replace(/\\\?/g, '.');
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
