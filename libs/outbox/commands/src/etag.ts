/** The entity tag of an aggregate whose head is at this sequence number. */
export function etagOf(sequence: number): string {
  return `"${sequence}"`;
}
