import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localEnvironment } from './local-environment.ts';
import type { CliConfiguration } from './provider-mirror.ts';
import type { Settings } from './settings.ts';
import { readRecord } from './stack-record.ts';
import { stateFile } from './terraform-state.ts';

/** What the last `make up` of a local stack began with and left, so that the next one can tell that nothing changed. */
interface LastUp {
  /** All that Nx builds from, and what it built: by size and time, as make does it. */
  readonly build: string;
  /** All that Terraform reads, and the state it left: by content. */
  readonly deployment: string;
}

/** What Nx builds from beside `apps` and `libs`. */
const buildFiles = ['package.json', 'package-lock.json', 'tsconfig.base.json', 'nx.json'];
const notBuiltFrom = new Set(['node_modules', 'dist']);
/** Of a folder of Terraform's: what it downloads, and what only its tests read. */
const notApplied = new Set(['.terraform', 'tests', 'examples', 'node_modules']);

export function lastUpFile({ localDirectory }: Settings): string {
  return join(localDirectory, 'last-up.json');
}

/** Whether what is built is what a build would make. */
export function isBuilt(settings: Settings): boolean {
  return !isForced(settings) && readLastUp(settings).build === buildMark(settings);
}

/**
 * Whether Terraform has finished an apply of exactly this: configuration, values, zips, local cloud, and the state is still
 * the one it left. What was changed in the local cloud without Terraform it can't tell.
 */
export function isApplied(settings: Settings, cli: CliConfiguration): boolean {
  const record = readRecord(settings);
  if (isForced(settings) || record?.change !== 'apply' || !record.finished) return false;
  return readLastUp(settings).deployment === deploymentMark(settings, cli);
}

/** Notes that everything is built and applied. */
export function noteUp(settings: Settings, cli: CliConfiguration): void {
  const file = lastUpFile(settings);
  const last: LastUp = { build: buildMark(settings), deployment: deploymentMark(settings, cli) };
  writeFileSync(`${file}.new`, JSON.stringify(last));
  renameSync(`${file}.new`, file);
}

/** From here on the stack is another than the last `make up` left: the next one builds and applies. */
export function forgetUp(settings: Settings): void {
  rmSync(lastUpFile(settings), { force: true });
}

/** `FORCE=1`: build and apply whatever is known. */
function isForced({ environment }: Settings): boolean {
  return Boolean(environment['FORCE']);
}

function readLastUp(settings: Settings): Partial<LastUp> {
  try {
    return JSON.parse(readFileSync(lastUpFile(settings), 'utf8')) as Partial<LastUp>;
  } catch {
    return {};
  }
}

function buildMark({ root }: Settings): string {
  const hash = createHash('sha256');
  const add = (file: string): void => {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  };
  for (const name of buildFiles) add(join(root, name));
  for (const folder of ['apps', 'libs']) for (const file of filesIn(join(root, folder), notBuiltFrom)) add(file);
  for (const file of builtFiles(root)) add(file);
  return hash.digest('hex');
}

function deploymentMark(settings: Settings, cli: CliConfiguration): string {
  const { root, localDirectory } = settings;
  const hash = createHash('sha256');
  const values = readdirSync(localDirectory).filter((name) => name.endsWith('.tfvars'));
  const files = [
    ...filesIn(join(root, 'terraform'), notApplied),
    join(root, 'libs', 'orders', 'events', 'contract.json'),
    ...builtFiles(root).filter((file) => file.endsWith('.zip') || file.includes(join('apps', 'local-cloud'))),
    ...values.map((name) => join(localDirectory, name)),
    stateFile(settings),
  ];
  for (const file of files) addContent(hash, file);
  return hash.update(JSON.stringify([localEnvironment(settings, cli), cli])).digest('hex');
}

function addContent(hash: Hash, file: string): void {
  const content = existsSync(file) ? readFileSync(file) : Buffer.of();
  hash.update(`${file} ${content.length}\n`).update(content);
}

/** Zips of functions and bundles of programs. */
function builtFiles(root: string): readonly string[] {
  const apps = join(root, 'dist', 'apps');
  if (!existsSync(apps)) return [];
  return readdirSync(apps)
    .sort()
    .flatMap((app) => [join(apps, app, `${app}.zip`), join(apps, app, 'main.js')])
    .filter((file) => existsSync(file));
}

function filesIn(folder: string, without: ReadonlySet<string>): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (without.has(entry.name)) return [];
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path, without) : [path];
    });
}
