/** What lines are sampled by, the first that a line has: the same in every function that an event passes. */
const KEYS = ['traceId', 'correlationId', 'subject'] as const;

/**
 * Whether lines with these fields are among the share `rate` (0 to 1) of those that are written. A line that is about no
 * trace, request or aggregate always is.
 */
export function isSampled(fields: Readonly<Record<string, unknown>>, rate: number): boolean {
  const key = KEYS.map((name) => fields[name]).find((value) => typeof value === 'string');
  return typeof key !== 'string' || shareOf(key) < rate;
}

/** A number in [0, 1) for a text, always the same one: FNV-1a, 32 bits. */
function shareOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
