import { AwsError, type Page } from '@outbox/local-cloud-kernel';
import { checkNumber, checkText } from './constraints';

/** Items of one page, unless fewer are asked for, and at most: EventBridge, Pipes and Scheduler API references, every List…. */
const PAGE = 100;

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

/** The key a token of `pageBy` stands for; undefined for a text that is none. */
export function keyOfToken(token: string): string | undefined {
  const key = Buffer.from(token, 'base64url').toString('utf8');
  return key !== '' && Buffer.from(key).toString('base64url') === token ? key : undefined;
}

/**
 * Items of the page that is asked for; `member` is what the request calls their number.
 * @throws AwsError ValidationException for a number out of range, or a token that `pageBy` never gave
 */
export function pageSize(asked: number | undefined, member: string, token: string | undefined): number {
  checkNumber(asked, member, 1, PAGE);
  checkText(token, 'nextToken', { most: 2048 });
  if (token !== undefined && keyOfToken(token) === undefined) {
    throw new AwsError('ValidationException', 'The pagination token is not valid.');
  }
  return asked ?? PAGE;
}
