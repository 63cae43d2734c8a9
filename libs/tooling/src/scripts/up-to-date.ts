import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localEnvironment } from './local-environment.ts';
import type { CliConfiguration } from './provider-mirror.ts';
import type { Settings } from './settings.ts';
import { readRecord } from './stack-record.ts';
import { stateFile } from './terraform-state.ts';

/** What the last `make up` of a local stack began with and left, so that the next one can tell that nothing changed. */
interface LastUp extends Begun {
  /** What Nx built: by content, as Nx may put the same there again for another command. */
  readonly built: string;
  /** Terraform's state as the apply left it: by content. */
  readonly state: string;
  /** What `terraform output -json` printed of that state. */
  readonly outputs: string;
}

/** What a build and an apply began with: taken before them, so that what is saved meanwhile counts as changed. */
export interface Begun {
  /** All that Nx builds from: by size and time. */
  readonly sources: string;
  /** All that Terraform reads: by content. */
  readonly configuration: string;
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
  return (
    !isForced(settings) && isOf(readLastUp(settings), { sources: sourcesMark(settings), built: builtMark(settings) })
  );
}

/**
 * Whether Terraform has finished an apply of exactly this: configuration, values, zips, local cloud, and the state is still
 * the one it left. What was changed in the local cloud without Terraform it can't tell.
 */
export function isApplied(settings: Settings, cli: CliConfiguration): boolean {
  const record = readRecord(settings);
  if (isForced(settings) || record?.change !== 'apply' || !record.finished) return false;
  const now = { configuration: configurationMark(settings, cli), state: stateMark(settings) };
  return isOf(readLastUp(settings), now);
}

/** The outputs of the stack of which `isApplied` holds, without a start of Terraform; undefined when they aren't known. */
export function appliedOutputs(settings: Settings): string | undefined {
  return readLastUp(settings).outputs;
}

/** Notes that everything is built and applied, of what it began with; `outputs` as `terraform output -json` prints them. */
export function noteUp(settings: Settings, begun: Begun, outputs: string): void {
  const file = lastUpFile(settings);
  const last: LastUp = { ...begun, built: builtMark(settings), state: stateMark(settings), outputs };
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

function isOf(last: Partial<LastUp>, now: Partial<LastUp>): boolean {
  return (Object.keys(now) as (keyof LastUp)[]).every((name) => last[name] === now[name]);
}

/** All that Nx builds from. */
export function sourcesMark({ root }: Settings): string {
  const names = buildFiles.map((name) => join(root, name));
  const folders = ['apps', 'libs'].flatMap((folder) => filesIn(join(root, folder), notBuiltFrom));
  return markBySizeAndTime([...names, ...folders]);
}

function builtMark({ root }: Settings): string {
  const hash = createHash('sha256');
  for (const file of builtFiles(root)) addContent(hash, file);
  return hash.digest('hex');
}

function markBySizeAndTime(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    // An editor's lock is a link to nowhere, and a file that was listed may be gone.
    const found = statSync(file, { throwIfNoEntry: false });
    if (found !== undefined) hash.update(`${file} ${found.size} ${found.mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** All that Terraform reads, and where it is told to work. */
export function configurationMark(settings: Settings, cli: CliConfiguration): string {
  const { root, localDirectory } = settings;
  const hash = createHash('sha256');
  const values = readdirSync(localDirectory).filter((name) => name.endsWith('.tfvars'));
  const files = [
    ...filesIn(join(root, 'terraform'), notApplied),
    join(root, 'libs', 'orders', 'events', 'contract.json'),
    ...builtFiles(root).filter((file) => file.endsWith('.zip') || file.includes(join('apps', 'local-cloud'))),
    ...values.map((name) => join(localDirectory, name)),
  ];
  for (const file of files) addContent(hash, file);
  return hash.update(JSON.stringify([localEnvironment(settings, cli), cli])).digest('hex');
}

function stateMark(settings: Settings): string {
  const hash = createHash('sha256');
  addContent(hash, stateFile(settings));
  return hash.digest('hex');
}

function addContent(hash: Hash, file: string): void {
  const content = existsSync(file) ? readFileSync(file) : Buffer.of();
  hash.update(`${file} ${content.length}\n`).update(content);
}

/**
 * Zips and source maps of functions, programs, and the console's page; what a zip is packed from is not needed again, and
 * the harness of `make chaos` is built by whoever runs it.
 */
function builtFiles(root: string): readonly string[] {
  const apps = join(root, 'dist', 'apps');
  return existsSync(apps) ? filesIn(apps, new Set(['bundle', 'e2e'])) : [];
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
