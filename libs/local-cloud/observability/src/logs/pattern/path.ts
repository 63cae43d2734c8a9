/** Names of members and positions in lists. */
export type Path = readonly (string | number)[];

/** What is at the path; undefined when nothing is. */
export function read(event: unknown, path: Path): unknown {
  let value = event;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}
