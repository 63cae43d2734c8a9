import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { ExecutorContext } from '@nx/devkit';
import { bundle } from './bundle';
import { declarations } from './declarations';
import { completeManifest, readManifest, type PackageManifest } from './manifest';
import { thirdPartyNotices } from './notices';
import { copyModules } from './terraform-modules';

/** What a package holds beside its code. */
export interface NpmPackageOptions {
  /** Apps whose zips go into it. */
  readonly functions?: readonly string[];
  /** Apps whose programs go into it, each as `bin/<app>.cjs`; with the licences of what they bundle, in `NOTICE`. */
  readonly programs?: readonly string[];
  /** Folder of Terraform modules that goes into it. */
  readonly terraformModules?: string;
  /** Documents of the workspace that go into it, at the same path. */
  readonly documents?: readonly string[];
}

/** Where programs are within a package. */
const PROGRAMS = 'bin';

/** What every project's package takes along from its own folder. */
const DOCUMENTS = ['README.md', 'CHANGELOG.md'];

/**
 * Nx executor `npm-package`: makes `dist/<project root>`, an npm package of everything that the project's package.json
 * names under `exports`, and `dist/<name>-<version>.tgz`. The same source gives the same bytes.
 * Fails when the context names no project, a declaration can't be made, or a dependency has no version in this workspace.
 */
export default async function npmPackage(
  options: NpmPackageOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const project = context.projectsConfigurations.projects[context.projectName ?? ''];
  if (project === undefined) {
    throw new Error('The npm-package executor runs on one project, and the context names none');
  }
  const manifest = await readManifest(context.root, project.root);
  const folder = join(context.root, 'dist', project.root);
  await rm(folder, { recursive: true, force: true });
  await writePackage(context.root, project.root, manifest, folder);
  for (const app of options.functions ?? []) {
    const zip = join(folder, 'functions', app, `${app}.zip`);
    await mkdir(dirname(zip), { recursive: true });
    await cp(join(context.root, 'dist', 'apps', app, `${app}.zip`), zip);
  }
  const programs: string[] = [];
  for (const app of options.programs ?? []) {
    const bundled = await readFile(join(context.root, 'dist', 'apps', app, 'main.js'), 'utf8');
    await writeProgram(bundled, join(folder, PROGRAMS, `${app}.cjs`));
    programs.push(bundled);
  }
  if (programs.length > 0) {
    await writeFile(join(folder, 'NOTICE'), await thirdPartyNotices(context.root, programs.join('\n')));
  }
  for (const document of options.documents ?? []) {
    await mkdir(dirname(join(folder, document)), { recursive: true });
    await cp(join(context.root, document), join(folder, document));
  }
  if (options.terraformModules !== undefined) {
    await copyModules(join(context.root, options.terraformModules), join(folder, 'terraform', 'modules'));
  }
  await pack(folder, join(context.root, 'dist'));
  return { success: true };
}

/** The code of a package with its declarations, manifest and documents. */
export async function writePackage(
  root: string,
  projectRoot: string,
  manifest: PackageManifest,
  folder: string,
): Promise<void> {
  const entries = manifest.entries.map(({ name }) => join(projectRoot, 'src', `${name}.ts`));
  const types = declarations(root, join(projectRoot, 'tsconfig.json'), entries);
  for (const [path, text] of types.files) {
    const file = join(folder, 'types', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const imported = await bundle(root, projectRoot, entries, join(folder, 'esm'));
  const complete = await completeManifest(root, manifest, new Set([...imported, ...types.imported]));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(complete, undefined, 2)}\n`);
  for (const document of DOCUMENTS) await cp(join(root, projectRoot, document), join(folder, document));
  await cp(join(root, 'LICENSE'), join(folder, 'LICENSE'));
}

/** A bundle that a shell can run. */
async function writeProgram(bundled: string, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/usr/bin/env node\n${bundled}`);
}

/**
 * npm leaves out what `files` doesn't name, and gives every file one fixed time. Modes it keeps, so those are set here,
 * whatever this machine's umask is.
 */
async function pack(folder: string, destination: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const runs = entry.parentPath === join(folder, PROGRAMS);
    if (entry.isFile()) await chmod(join(entry.parentPath, entry.name), runs ? 0o755 : 0o644);
  }
  const args = ['pack', '--ignore-scripts', '--offline', '--silent', `--pack-destination=${destination}`];
  await promisify(execFile)('npm', args, { cwd: folder });
}
