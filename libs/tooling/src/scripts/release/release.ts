import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { zipSync } from 'fflate';
import { buildArtifacts, buildPackage, PACKAGES } from '../artifacts.ts';
import { runCommand } from '../command.ts';
import { terminalProgress } from '../progress.ts';
import { type Settings, UserError } from '../settings.ts';
import { checkVersion, cutRelease, notesOf, releasedVersions } from './changelog.ts';

/** Manifests that carry the version: the repository's, its lock file, and the npm package's. */
const MANIFESTS = [
  'package.json',
  'package-lock.json',
  'libs/outbox/package/package.json',
  'libs/local-cloud/package/package.json',
];
/** The commit that `make test-full ONLY=upgrade` starts from. Tags needn't travel with a clone; this file does. */
const UPGRADE_FROM = 'libs/tooling/src/scripts/full/upgrade-from.json';

/**
 * `make release VERSION=`: first writes the version into changelog and manifests; run again once that is committed, it
 * records the commit, from which the next upgrade is tested.
 * @throws UserError when VERSION is no version or not above the last one, when nothing is unreleased, or when the release
 * before was never recorded
 */
export async function release(settings: Settings): Promise<void> {
  const version = checkVersion(settings.environment['VERSION']);
  const changelog = await read(settings, 'CHANGELOG.md');
  if (!releasedVersions(changelog).includes(version)) return cut(settings, version, changelog);
  const committed = await git(settings, 'show', 'HEAD:CHANGELOG.md');
  if (!releasedVersions(committed).includes(version)) {
    throw new UserError(`CHANGELOG.md has ${version}: commit it and tag it v${version}, then run this again`);
  }
  const commit = await git(settings, 'log', '-1', '--format=%H', `-S## ${version} - `, '--', 'CHANGELOG.md');
  const record = { commit, version, reason: `The last release. Stacks of ${version} become today's.` };
  await writeFile(join(settings.root, UPGRADE_FROM), `${JSON.stringify(record, undefined, 2)}\n`);
  console.log(`${UPGRADE_FROM} has ${commit}: commit it`);
}

async function cut(settings: Settings, version: string, changelog: string): Promise<void> {
  const [latest] = releasedVersions(changelog);
  const { version: recorded } = JSON.parse(await read(settings, UPGRADE_FROM)) as { readonly version?: string };
  if (latest !== recorded) throw new UserError(`${latest} isn't recorded yet: make release VERSION=${latest}`);
  const today = new Date().toISOString().slice(0, 10);
  await writeFile(join(settings.root, 'CHANGELOG.md'), cutRelease(changelog, version, today));
  for (const manifest of MANIFESTS) {
    const text = await read(settings, manifest);
    const { version: before } = JSON.parse(text) as { readonly version: string };
    // The first is its own; a lock file has it a second time, for the package at its root.
    const times = manifest === 'package-lock.json' ? 2 : 1;
    await writeFile(join(settings.root, manifest), withVersion(text, before, version, times));
  }
  console.log(`CHANGELOG.md and the manifests have ${version}: commit, tag v${version}, then run this again`);
}

function withVersion(text: string, before: string, version: string, times: number): string {
  let left = times;
  return text.replaceAll(`"version": "${before}"`, (found) => (left-- > 0 ? `"version": "${version}"` : found));
}

/**
 * `make release-files VERSION=`: what a release consists of, in `dist/release`: the npm package, a zip per function, their
 * source maps in one zip, `SHA256SUMS` and `notes.md`.
 * @throws UserError when the manifests have another version, or the changelog says nothing of it
 */
export async function releaseFiles(settings: Settings): Promise<void> {
  const version = checkVersion(settings.environment['VERSION']);
  const notes = notesOf(await read(settings, 'CHANGELOG.md'), version);
  for (const manifest of MANIFESTS) {
    const { version: found } = JSON.parse(await read(settings, manifest)) as { readonly version: string };
    if (found !== version) throw new UserError(`${manifest} has version ${found}, not ${version}`);
  }
  const folder = join(settings.root, 'dist', 'release');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const progress = terminalProgress(settings.environment);
  await progress.step('functions', (report) => buildArtifacts(settings, 'functions', report));
  for (const one of Object.values(PACKAGES)) {
    await progress.step('package', async () => basename(await copyInto(folder, await buildPackage(settings, one))));
  }
  const apps = join(settings.root, 'dist', 'apps');
  const built = await readdir(apps, { recursive: true });
  for (const path of built.filter((one) => one.endsWith('.zip'))) await copyInto(folder, join(apps, path));
  await writeFile(join(folder, `source-maps-${version}.zip`), await sourceMaps(apps, built));
  const sums = await Promise.all(
    (await readdir(folder)).sort().map(async (name) => `${sha256(await readFile(join(folder, name)))}  ${name}\n`),
  );
  await writeFile(join(folder, 'SHA256SUMS'), sums.join(''));
  await writeFile(join(folder, 'notes.md'), `${notes}\n`);
}

/** What `outboxctl source-lines` reads. */
async function sourceMaps(apps: string, built: readonly string[]): Promise<Uint8Array> {
  const maps = built.filter((path) => /\/maps\/[^/]+\.map$/.test(path));
  if (maps.length === 0) throw new UserError(`no function has a source map under ${apps}`);
  const entries = maps.map(async (path) => [basename(path), await readFile(join(apps, path))] as const);
  return zipSync(Object.fromEntries(await Promise.all(entries)));
}

async function copyInto(folder: string, file: string): Promise<string> {
  const copy = join(folder, basename(file));
  await cp(file, copy);
  return copy;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function read(settings: Settings, path: string): Promise<string> {
  return readFile(join(settings.root, path), 'utf8');
}

async function git(settings: Settings, ...args: readonly string[]): Promise<string> {
  const { stdout } = await runCommand('git', args, {
    cwd: settings.root,
    environment: settings.environment,
    log: join(settings.localDirectory, 'logs', 'release-git.log'),
  });
  return stdout.trim();
}
