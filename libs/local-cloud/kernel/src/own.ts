/**
 * The entry of a record under a key that a request chose; undefined for what every object inherits, such as
 * `constructor`, which no request may take for a resource of that name.
 */
export function own<T>(record: Readonly<Record<string, T>> | undefined, key: string | undefined): T | undefined {
  return record !== undefined && key !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
