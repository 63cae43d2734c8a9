/** The local cloud's own paths, as far as the suite uses them; only for `*.local.spec.ts`. */

/** What `GET /_local/usage` answers. */
export interface Usage {
  readonly roles: Readonly<Record<string, readonly { readonly action: string; readonly resource: string }[]>>;
  readonly undocumented: readonly unknown[];
}

/** A mail, as `GET /_local/mail` lists it. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly confirmUrl?: string;
}

/** What was sent to an address, newest last. */
export async function mails(to: string): Promise<readonly Mail[]> {
  return ((await ask(`mail?to=${encodeURIComponent(to)}`)) as { mails: readonly Mail[] }).mails;
}

/** Moves the engine's clock, and with it every timer. */
export async function advanceClock(milliseconds: number): Promise<void> {
  await ask('clock', { method: 'POST', body: JSON.stringify({ advanceMs: milliseconds }) });
}

/** Sets how the engine behaves: docs/reference/local-cloud.md, `settings`. */
export async function configure(settings: Readonly<Record<string, number>>): Promise<void> {
  await ask('settings', { method: 'POST', body: JSON.stringify(settings) });
}

/** Engine time, epoch milliseconds. */
export async function now(): Promise<number> {
  return Date.parse(((await ask('clock')) as { now: string }).now);
}

/** Which permissions each role used so far. */
export async function usage(): Promise<Usage> {
  return (await ask('usage')) as Usage;
}

/** Which operations an account called so far, as `service Operation`, in order. */
export async function calledOperations(account: string): Promise<readonly string[]> {
  const calls = (await ask('calls')) as Readonly<
    Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>
  >;
  return namesOf(calls[account] ?? {});
}

/** Every operation the local cloud runs, as `service Operation`, in order. */
export async function supportedOperations(): Promise<readonly string[]> {
  const { services } = (await ask('info')) as { services: Readonly<Record<string, readonly string[]>> };
  return Object.entries(services)
    .flatMap(([service, operations]) => operations.map((operation) => `${service} ${operation}`))
    .sort();
}

function namesOf(services: Readonly<Record<string, Readonly<Record<string, number>>>>): readonly string[] {
  return Object.entries(services)
    .flatMap(([service, operations]) => Object.keys(operations).map((operation) => `${service} ${operation}`))
    .sort();
}

/** The issuer of tokens that the local cloud brings along. */
export function issuer(): string {
  return `${process.env['AWS_ENDPOINT_URL']}/_local/issuer`;
}

/** An access token with these claims; `expiresIn` is in seconds. */
export async function issueToken(claims: Readonly<Record<string, unknown>>): Promise<string> {
  const answer = await ask('issuer/token', { method: 'POST', body: JSON.stringify(claims) });
  return (answer as { access_token: string }).access_token;
}

async function ask(path: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(`${process.env['AWS_ENDPOINT_URL']}/_local/${path}`, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`/_local/${path} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
