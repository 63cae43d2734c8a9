/** The local cloud's own paths, as far as the suite uses them; only for `*.local.spec.ts`. */

/** What `GET /_local/usage` answers. */
export interface Usage {
  readonly roles: Readonly<Record<string, readonly { readonly action: string; readonly resource: string }[]>>;
  readonly undocumented: readonly unknown[];
}

/** Moves the engine's clock, and with it every timer. */
export async function advanceClock(milliseconds: number): Promise<void> {
  await ask('clock', { method: 'POST', body: JSON.stringify({ advanceMs: milliseconds }) });
}

/** Engine time, epoch milliseconds. */
export async function now(): Promise<number> {
  return Date.parse(((await ask('clock')) as { now: string }).now);
}

/** Which permissions each role used so far. */
export async function usage(): Promise<Usage> {
  return (await ask('usage')) as Usage;
}

async function ask(path: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(`${process.env['AWS_ENDPOINT_URL']}/_local/${path}`, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`/_local/${path} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
