import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, posix, relative, sep } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { identifyBundle } from './identify-bundle';
import { reproducibleZip } from './reproducible-zip';

/** What the build makes of a function's code, and beside it. */
const BUNDLE = 'index.js';
const SOURCE_MAP = `${BUNDLE}.map`;

/**
 * Nx executor `package`: packs everything in `dist/<project root>/bundle` into `dist/<project root>/<folder name>.zip`,
 * but for the source map: that is `dist/<project root>/maps/<name that stack traces have>.map`.
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
  await writeFunctionZip(context.root, join(context.root, 'dist', project.root), basename(project.root));
  return { success: true };
}

/**
 * Packs every file under `bundle` of `output` into `<app>.zip` there, and writes the source map, if the build made one.
 * Throws when there is nothing to pack.
 */
export async function writeFunctionZip(root: string, output: string, app: string): Promise<void> {
  const bundle = join(output, 'bundle');
  const files = (await readdir(bundle, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  if (files.length === 0) {
    throw new Error(`Nothing to pack: ${bundle} is empty`);
  }
  const entries = Object.fromEntries(
    await Promise.all(
      files.map(async (file) => {
        const path = join(file.parentPath, file.name);
        return [relative(bundle, path).split(sep).join('/'), await readFile(path)] as const;
      }),
    ),
  );
  const { [SOURCE_MAP]: map, ...packed } = entries;
  const { [BUNDLE]: code } = packed;
  const maps = join(output, 'maps');
  await rm(maps, { recursive: true, force: true });
  if (map !== undefined && code !== undefined) {
    const identified = identifyBundle(app, code);
    packed[BUNDLE] = Buffer.from(identified.code);
    await mkdir(maps, { recursive: true });
    await writeFile(join(maps, `${identified.name}.map`), withSourcesFrom(root, bundle, map));
  }
  await writeFile(join(output, `${app}.zip`), reproducibleZip(packed));
}

/** A source map in `folder` whose sources are named by their path from the repository's root. */
function withSourcesFrom(root: string, folder: string, map: Buffer): string {
  const parsed = JSON.parse(map.toString()) as { readonly sources: readonly string[] };
  const from = relative(root, folder).split(sep).join('/');
  return JSON.stringify({ ...parsed, sources: parsed.sources.map((source) => posix.join(from, source)) });
}
