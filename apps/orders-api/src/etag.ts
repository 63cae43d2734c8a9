/** The entity tag of an order at this version. */
export function etagOf(version: number): string {
  return `"${version}"`;
}
