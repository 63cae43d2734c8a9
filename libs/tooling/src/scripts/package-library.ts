import { relative } from 'node:path';
import { buildPackage } from './artifacts.ts';
import { terminalProgress } from './progress.ts';
import type { Settings } from './settings.ts';

/** `make package`: the npm package of the libraries, as a tarball in `dist`. */
export async function packageLibrary(settings: Settings): Promise<void> {
  await terminalProgress(settings.environment).step('package', async () =>
    relative(settings.root, await buildPackage(settings)),
  );
}
