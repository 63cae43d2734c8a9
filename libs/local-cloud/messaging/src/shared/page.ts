import { AwsError } from '@outbox/local-cloud-kernel';

/** One page of a listing and the token of the next. */
export interface Page<T> {
  readonly items: T[];
  readonly next: string | undefined;
}

/** Pages through items sorted by a unique key; the token is the last key of the page before. */
export function pageBy<T>(
  items: Iterable<T>,
  key: (item: T) => string,
  limit: number,
  token: string | undefined,
): Page<T> {
  const after = token === undefined ? undefined : Buffer.from(token, 'base64url').toString('utf8');
  const rest = [...items]
    .filter((item) => after === undefined || key(item) > after)
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const more = last !== undefined && rest.length > page.length;
  return { items: page, next: more ? Buffer.from(key(last)).toString('base64url') : undefined };
}

/** @throws AwsError ValidationException for a token that `pageBy` never gave */
export function checkToken(token: string | undefined): void {
  if (token === undefined) return;
  const key = Buffer.from(token, 'base64url').toString('utf8');
  if (key !== '' && Buffer.from(key).toString('base64url') === token) return;
  throw new AwsError('ValidationException', 'The pagination token is not valid.');
}
