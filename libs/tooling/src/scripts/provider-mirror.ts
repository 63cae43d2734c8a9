import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from './settings.ts';
import { UserError } from './settings.ts';

const providerPath = ['registry.terraform.io', 'hashicorp', 'aws'];
const searchDepth = 3;

/** What Terraform's CLI configuration should be: a file to point at, or Terraform's own defaults. */
export type CliConfiguration =
  { readonly kind: 'file'; readonly path: string; readonly mirror?: string } | { readonly kind: 'default' };

/**
 * Where Terraform finds the AWS provider: the user's own CLI configuration if there is one; else a local mirror, so that
 * a machine without internet works; else Terraform's default, the public registry.
 *
 * A mirror is `TF_PLUGIN_MIRROR`, or one found in the places add-on software is usually put, if it holds the version of
 * the dependency lock for this platform; `places` are searched three folders deep. Terraform's own implied mirror folders need nothing: it looks there itself.
 * @throws UserError when `TF_PLUGIN_MIRROR` is set and holds no such provider
 */
export async function cliConfiguration(
  settings: Settings,
  places: readonly string[] = usualPlaces(settings.home),
): Promise<CliConfiguration> {
  const own = settings.environment['TF_CLI_CONFIG_FILE'];
  if (own && existsSync(own)) return { kind: 'file', path: own };
  const version = await lockedVersion(settings.root);
  const holdsProvider = (mirror: string): boolean => hasProvider(mirror, version);
  const named = settings.environment['TF_PLUGIN_MIRROR'];
  if (named) {
    if (holdsProvider(named)) return mirrorConfiguration(settings, named);
    throw new UserError(`TF_PLUGIN_MIRROR=${named} holds no ${providerPath.join('/')} ${version} for ${platform()}`);
  }
  if (existsSync(join(settings.home, '.terraformrc'))) return { kind: 'default' };
  if (impliedMirrors(settings).some(holdsProvider)) return { kind: 'default' };
  for (const place of places) {
    const mirror = await findMirror(place, holdsProvider, searchDepth);
    if (mirror !== undefined) return mirrorConfiguration(settings, mirror);
  }
  return { kind: 'default' };
}

/** Folders Terraform searches without being told, on Unix. */
function impliedMirrors(settings: Settings): readonly string[] {
  const shared = (settings.environment['XDG_DATA_DIRS'] || '/usr/local/share:/usr/share').split(':');
  const own = settings.environment['XDG_DATA_HOME'] || join(settings.home, '.local', 'share');
  return [
    join(settings.root, 'terraform', 'terraform.d', 'plugins'),
    join(settings.home, '.terraform.d', 'plugins'),
    ...[own, ...shared].map((folder) => join(folder, 'terraform', 'plugins')),
  ];
}

function usualPlaces(home: string): readonly string[] {
  return [
    join(home, '.terraform.d'),
    join(home, '.terraform-mirror'),
    '/opt',
    '/usr/local/share',
    '/usr/local/lib',
    '/usr/share',
    '/usr/lib/terraform',
    '/var/lib/terraform',
    '/srv',
    '/etc/terraform',
  ];
}

async function findMirror(
  folder: string,
  holdsProvider: (mirror: string) => boolean,
  depth: number,
): Promise<string | undefined> {
  if (holdsProvider(folder)) return folder;
  if (depth === 0) return undefined;
  for (const child of await foldersIn(folder)) {
    const found = await findMirror(join(folder, child), holdsProvider, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Sub-folders' names; none where the folder is missing or may not be read: a search passes over those. */
async function foldersIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && entry.name !== 'node_modules').map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** Both layouts Terraform knows: unpacked (`<version>/<platform>/`) and packed (one zip per platform). */
function hasProvider(mirror: string, version: string): boolean {
  const folder = join(mirror, ...providerPath);
  return (
    existsSync(join(folder, version, platform())) ||
    existsSync(join(folder, `terraform-provider-aws_${version}_${platform()}.zip`))
  );
}

function platform(): string {
  return `${process.platform === 'win32' ? 'windows' : process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
}

/** Version of hashicorp/aws in Terraform's dependency lock. */
async function lockedVersion(root: string): Promise<string> {
  const lock = join(root, 'terraform', '.terraform.lock.hcl');
  const text = await readFile(lock, 'utf8');
  const version = /"registry\.terraform\.io\/hashicorp\/aws"\s*\{\s*version\s*=\s*"([^"]+)"/.exec(text)?.[1];
  if (version === undefined) throw new UserError(`${lock} names no version of hashicorp/aws`);
  return version;
}

async function mirrorConfiguration(settings: Settings, mirror: string): Promise<CliConfiguration> {
  const path = join(settings.localDirectory, 'terraform.rc');
  const address = JSON.stringify([providerPath.join('/')]);
  await mkdir(settings.localDirectory, { recursive: true });
  await writeFile(
    path,
    `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ${address}
  }
  direct {
    exclude = ${address}
  }
}
`,
  );
  return { kind: 'file', path, mirror };
}
