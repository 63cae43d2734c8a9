import { execFile } from 'node:child_process';
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Settings } from '../settings.ts';

/** What git would commit, and the packages that are installed here. */
export async function copyRepository(host: Settings, copy: string): Promise<void> {
  await rm(copy, { recursive: true, force: true });
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { stdout } = await promisify(execFile)('git', list, { cwd: host.root, maxBuffer: 2 ** 26 });
  for (const file of stdout.split('\0').filter((name) => name !== '')) {
    await mkdir(dirname(join(copy, file)), { recursive: true });
    await cp(join(host.root, file), join(copy, file));
  }
  await symlink(join(host.root, 'node_modules'), join(copy, 'node_modules'));
}
