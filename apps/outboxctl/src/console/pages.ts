import { readFile, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { CliError, EXIT } from '@outbox/cli-kit';

/** The page isn't built. Exit code 1. */
export class NoPageError extends CliError {
  override readonly name = 'NoPageError';
  readonly exitCode = EXIT.failed;
}

export interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing from elsewhere, nothing inline: what a page shows of events can then be text only. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of everything that the console answers. */
export const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** The built page, by file name. @throws NoPageError */
export async function readPage(root: string): Promise<ReadonlyMap<string, Asset>> {
  const folder = join(root, 'dist', 'apps', 'console');
  const names = await readdir(folder).catch(() => []);
  const wanted = names.filter((name) => TYPES[extname(name)] !== undefined);
  if (!wanted.includes('index.html')) {
    throw new NoPageError(`the console's page is not in ${folder}`, { hint: 'npx nx build console builds it' });
  }
  const assets = await Promise.all(
    wanted.map(async (name): Promise<[string, Asset]> => [
      name,
      { type: TYPES[extname(name)] ?? '', body: await readFile(join(folder, name)) },
    ]),
  );
  return new Map(assets);
}
