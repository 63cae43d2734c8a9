import { types } from 'node:util';
import { UserError } from './settings.ts';

/**
 * `fetch` whose failure says what was called and why it failed.
 * @throws UserError when there is no answer; an answer of any status is returned
 */
export async function request(url: string, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw new UserError(`${init?.method ?? 'GET'} ${url}: ${reasonOf(cause)}`, { cause });
  }
}

/** Why something failed, with what caused it: Node's "fetch failed" says nothing by itself. */
export function reasonOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  // One error per address that was tried: they tell the same, and the whole has no message.
  if ('errors' in error && Array.isArray(error.errors)) return reasonOf(error.errors[0]);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}
