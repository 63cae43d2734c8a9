import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { runCommand } from './command.ts';
import { exclusively } from './exclusively.ts';
import { nxEnvironment } from './nx.ts';
import { programs } from './requirements.cjs';
import type { Report } from './progress.ts';
import type { Settings } from './settings.ts';

/** Everything that runs: a zip per function, or the programs of this repository that are not deployed. */
export type Artifacts = 'functions' | 'all';

/**
 * Builds with Nx, which skips what did not change.
 * @throws UserError with the compiler's words when a build fails
 */
export async function buildArtifacts(settings: Settings, artifacts: Artifacts, report: Report): Promise<string> {
  // A program lies in apps/<project>/bin.
  const commandLines = programs().map(([, path]) => basename(dirname(dirname(path))));
  const projects = ['tag:type:function', ...(artifacts === 'all' ? ['local-cloud', 'partners', ...commandLines] : [])];
  const args = ['run-many', '-t', 'build', 'package', `--projects=${projects.join(',')}`, '--outputStyle=static'];
  let finished = 0;
  let reused = 0;
  await nx(settings, 'build', args, (line) => {
    if (!/^> nx run /.test(line)) return;
    finished += 1;
    if (/\[(local cache|existing outputs match the cache)/.test(line)) reused += 1;
    report(`${finished} tasks`);
  });
  return `${finished} tasks, ${reused} unchanged`;
}

/** dist/apps/e2e/main.js: the chaos harness and the probes. Returns what progress shows beside the step: nothing. */
export async function buildHarness(settings: Settings): Promise<string> {
  await nx(settings, 'build-harness', ['build', 'e2e', '--outputStyle=static']);
  return '';
}

/** What is published: the libraries with their zips and Terraform modules, and the local cloud. */
export const PACKAGES = {
  outbox: { project: 'outbox-package', folder: 'libs/outbox/package' },
  localCloud: { project: 'local-cloud-package', folder: 'libs/local-cloud/package' },
} as const;

/**
 * Packs an npm package. Returns the tarball's path. `anew` does everything again, whatever Nx remembers.
 * @throws UserError with the compiler's words when a build fails
 */
export async function buildPackage(
  settings: Settings,
  { project, folder }: (typeof PACKAGES)[keyof typeof PACKAGES],
  { anew = false } = {},
): Promise<string> {
  const args = ['run', `${project}:pack`, '--outputStyle=static', ...(anew ? ['--skip-nx-cache'] : [])];
  await nx(settings, 'package', args);
  const manifest = await readFile(join(settings.root, folder, 'package.json'), 'utf8');
  const { name, version } = JSON.parse(manifest) as { readonly name: string; readonly version: string };
  return join(settings.root, 'dist', `${name}-${version}.tgz`);
}

/** Runs Nx for what it builds, one at a time in a clone; all it prints goes to the log of that name. */
async function nx(
  settings: Settings,
  log: string,
  args: readonly string[],
  onLine?: (line: string) => void,
): Promise<void> {
  await exclusively(settings, 'build', () =>
    runCommand('nx', args, {
      cwd: settings.root,
      environment: { ...settings.environment, ...nxEnvironment, FORCE_COLOR: '0' },
      log: join(settings.localDirectory, 'logs', `${log}.log`),
      ...(onLine === undefined ? {} : { onLine }),
    }),
  );
}
