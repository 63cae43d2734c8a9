import { relative } from 'node:path';
import { buildPackage, PACKAGES } from './artifacts.ts';
import { terminalProgress } from './progress.ts';
import type { Settings } from './settings.ts';

/** `make package`: the npm packages, as tarballs in `dist`. */
export async function packageLibrary(settings: Settings): Promise<void> {
  const progress = terminalProgress(settings.environment);
  for (const one of Object.values(PACKAGES)) {
    await progress.step('package', async () => relative(settings.root, await buildPackage(settings, one)));
  }
}
