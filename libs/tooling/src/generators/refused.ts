/** What was asked for can't be generated; the message names the argument and what to do. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
