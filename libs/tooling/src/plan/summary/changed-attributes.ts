import { type Change, memberOf } from '../plan-json.ts';

/** One attribute that a plan changes. */
export interface ChangedAttribute {
  /** As in Terraform: `environment[0].variables.LOG_LEVEL`. */
  readonly path: string;
  /** What may be shown of it: numbers and booleans. A string may be a secret that nobody marked as one. */
  readonly detail?: string;
}

type Shown = Pick<Change, 'before' | 'after' | 'after_unknown' | 'before_sensitive' | 'after_sensitive'>;

/**
 * Attributes whose value differs, or is known only after the apply, in the order of the plan. Texts that hold JSON (policies)
 * count as one value. What is sensitive is named and never descended into.
 */
export function changedAttributes(change: Shown): readonly ChangedAttribute[] {
  return differences(change, '');
}

function differences(part: Shown, path: string): readonly ChangedAttribute[] {
  if (part.before_sensitive === true || part.after_sensitive === true) {
    const same = part.after_unknown !== true && JSON.stringify(part.before) === JSON.stringify(part.after);
    return same ? [] : [{ path, detail: 'sensitive' }];
  }
  if (part.after_unknown === true) return [{ path, detail: 'known after apply' }];
  if (!isTree(part.before) || !isTree(part.after)) {
    const same = part.before === part.after || (isEmpty(part.before) && isEmpty(part.after));
    return same ? [] : [{ path, ...detailOf(part) }];
  }
  const keys = new Set([part.before, part.after, asTree(part.after_unknown)].flatMap((tree) => Object.keys(tree)));
  return [...keys].flatMap((key) => differences(childOf(part, key), childPath(part.after, path, key)));
}

/** Providers write the same absence as null, as an empty list or as an empty map. */
function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (isTree(value) && Object.keys(value).length === 0);
}

function childOf(part: Shown, key: string): Shown {
  return {
    before: memberOf(part.before, key) ?? null,
    after: memberOf(part.after, key) ?? null,
    after_unknown: memberOf(part.after_unknown, key),
    before_sensitive: memberOf(part.before_sensitive, key),
    after_sensitive: memberOf(part.after_sensitive, key),
  };
}

function childPath(parent: unknown, path: string, key: string): string {
  if (Array.isArray(parent)) return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}

function detailOf({ before, after }: Shown): { readonly detail?: string } {
  const texts = [before, after].map(shownValue);
  return texts.includes(undefined) ? {} : { detail: texts.join(' → ') };
}

function shownValue(value: unknown): string | undefined {
  if (value === null || value === undefined) return 'unset';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function asTree(value: unknown): object {
  return isTree(value) ? value : {};
}
