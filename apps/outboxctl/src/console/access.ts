import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a request asks for, as far as it decides who may ask. */
export type Need = 'page' | 'data' | 'action';

export interface AccessRules {
  /** `HOST:PORT` under which the console is reached; whoever asks for another was led here by a foreign name. */
  readonly hosts: readonly string[];
  /** Value of the session's cookie; undefined: no login, whoever can reach the local cloud may read. */
  readonly session: string | undefined;
  readonly cookieName: string;
  /** What every action brings in `x-console-token`. */
  readonly token: string;
}

export type Verdict =
  { readonly kind: 'allowed' } | { readonly kind: 'refused'; readonly status: number; readonly why: string };

export const TOKEN_HEADER = 'x-console-token';
const ALLOWED: Verdict = { kind: 'allowed' };

/**
 * Whether a request may be served. A page of another origin can make a browser send requests here, and a name of its own
 * can lead to 127.0.0.1: the first is known by `Origin` and `Sec-Fetch-Site`, the second by `Host`.
 */
export function judgeAccess(headers: IncomingHttpHeaders, need: Need, rules: AccessRules): Verdict {
  const { host = '', origin } = headers;
  if (!rules.hosts.includes(host)) return refused(403, `not served under the name ${host}`);
  if (origin !== undefined && origin !== `http://${host}`) return refused(403, `not for pages of ${origin}`);
  if (need === 'page') return ALLOWED;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return refused(403, 'not for pages of others');
  if (rules.session !== undefined && !isSame(cookieOf(headers, rules.cookieName), rules.session)) {
    return refused(401, 'this link was used already, or has ended: outboxctl console prints a new one');
  }
  if (need === 'data') return ALLOWED;
  if (!isSame(textOf(headers[TOKEN_HEADER]), rules.token)) return refused(403, `the header ${TOKEN_HEADER} is wrong`);
  if (headers['content-type'] !== 'application/json') return refused(415, 'an action is JSON');
  return ALLOWED;
}

/** Compares in a time that doesn't tell how much of it was right. */
export function isSame(given: string | undefined, wanted: string): boolean {
  const [left, right] = [Buffer.from(given ?? ''), Buffer.from(wanted)];
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}

function cookieOf({ cookie = '' }: IncomingHttpHeaders, name: string): string | undefined {
  const pair = cookie.split(/; */).find((each) => each.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}

function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function refused(status: number, why: string): Verdict {
  return { kind: 'refused', status, why };
}
