import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { runCommand } from '../../command.ts';
import type { Settings } from '../../settings.ts';

/**
 * A folder with a zip for every function of this repository, and for small consumers of these names, which take the place of
 * a function that is called alike. Returns its path.
 */
export async function artifactsWith(settings: Settings, names: readonly string[]): Promise<string> {
  const folder = join(settings.localDirectory, 'artifacts');
  const built = join(settings.root, 'dist', 'apps');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const others = (await readdir(built)).filter((app) => !names.includes(app));
  for (const app of others) await symlink(join(built, app), join(folder, app));
  for (const name of names) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, `${name}.zip`), await zipOf(settings, join(folder, name), name));
  }
  return folder;
}

async function zipOf(settings: Settings, folder: string, name: string): Promise<Uint8Array> {
  const entry = join(folder, 'handler.ts');
  const index = join(folder, 'index.js');
  await writeFile(
    entry,
    `import { consumer } from '@outbox/inbox-dynamodb';
import { order } from '@outbox/orders-events';
export const handler = consumer({ name: '${name}', policy: 'once', on: order, effect: () => ({}) });
`,
  );
  const options = [
    '--bundle',
    '--platform=node',
    '--minify',
    `--tsconfig=${join(settings.root, 'tsconfig.base.json')}`,
  ];
  await runCommand('esbuild', [entry, ...options, `--outfile=${index}`], {
    cwd: settings.root,
    environment: settings.environment,
    log: join(settings.localDirectory, 'logs', `bundle-${name}.log`),
  });
  return zipSync({ 'index.js': [await readFile(index), { mtime: '1980-01-01' }] });
}
