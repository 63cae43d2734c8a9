import type { Tags } from './tag-set';

/** Condition keys of what a resource is tagged with, under AWS's common prefix and, where it has one, its service's. */
export function resourceTagKeys(tags: Tags, ...prefixes: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    ['aws', ...prefixes].flatMap((prefix) =>
      Object.entries(tags).map(([name, value]) => [`${prefix}:ResourceTag/${name}`, value]),
    ),
  );
}

/**
 * Condition keys of tags a request sets, and of names of those it takes away.
 * Source: IAM user guide, "AWS global condition context keys": aws:RequestTag, aws:TagKeys.
 */
export function requestTagKeys(set: Tags, removed: readonly string[] = []): Record<string, string | readonly string[]> {
  const names = [...Object.keys(set), ...removed];
  const pairs = Object.entries(set).map(([name, value]) => [`aws:RequestTag/${name}`, value] as const);
  return { ...Object.fromEntries(pairs), ...(names.length === 0 ? {} : { 'aws:TagKeys': names }) };
}
