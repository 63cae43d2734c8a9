import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { reproducibleZip } from './reproducible-zip';

/**
 * Nx executor `package`: packs everything in `dist/<project root>/bundle` into `dist/<project root>/<folder name>.zip`.
 * Fails when the context names no project, or the bundle is missing or empty.
 */
export default async function packageFunction(
  _options: Record<string, never>,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const project = context.projectsConfigurations.projects[context.projectName ?? ''];
  if (project === undefined) {
    throw new Error('The package executor runs on one project, and the context names none');
  }
  const output = join(context.root, 'dist', project.root);
  await writeFunctionZip(join(output, 'bundle'), join(output, `${basename(project.root)}.zip`));
  return { success: true };
}

/** Packs every file under `bundleDirectory` into `zipFile`. Throws when there is none. */
export async function writeFunctionZip(bundleDirectory: string, zipFile: string): Promise<void> {
  const files = (await readdir(bundleDirectory, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  if (files.length === 0) {
    throw new Error(`Nothing to pack: ${bundleDirectory} is empty`);
  }
  const entries = await Promise.all(
    files.map(async (file) => {
      const path = join(file.parentPath, file.name);
      return [relative(bundleDirectory, path).split(sep).join('/'), await readFile(path)] as const;
    }),
  );
  await mkdir(join(zipFile, '..'), { recursive: true });
  await writeFile(zipFile, reproducibleZip(Object.fromEntries(entries)));
}
