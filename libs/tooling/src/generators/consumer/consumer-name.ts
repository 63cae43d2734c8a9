/** Longest name: with a prefix of 24 characters every name that is built from it stays within AWS's limits. */
export const longestName = 24;

/**
 * Why nothing may be called so, as a sentence for whoever chose the name; undefined when the name is free and fits.
 * The shape is the one that terraform/modules/event-handler demands.
 * @param taken names of the workspace's projects
 */
export function refusalOf(name: string, taken: readonly string[]): string | undefined {
  if (name.length > longestName) {
    return `"${name}" has ${name.length} characters; a consumer's name has at most ${longestName}, so that AWS takes every name built from it.`;
  }
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length < 2) {
    return `"${name}" is no name for a consumer: 2 to ${longestName} lower-case letters, digits and single hyphens, starting with a letter and not ending with a hyphen.`;
  }
  if (name.endsWith('-dlq')) return `"${name}" ends with -dlq, as the names of dead-letter queues do.`;
  if (name === 'orders' || name.startsWith('outbox-')) {
    return `"${name}" is taken by the stack itself, as are orders and every name that starts with outbox-.`;
  }
  if (taken.includes(name)) return `"${name}" is taken: the workspace has a project of that name.`;
  return undefined;
}
