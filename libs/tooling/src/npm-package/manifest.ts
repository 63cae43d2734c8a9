import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

type Versions = Readonly<Record<string, string>>;

/** The package.json of a package, written by hand but for its dependencies. */
export interface PackageManifest {
  readonly template: Readonly<Record<string, unknown>>;
  /** What its `exports` offer, by the name of the file in `src`. */
  readonly entries: readonly { readonly subpath: string; readonly name: string }[];
  readonly peers: Versions;
}

/** Packages whose types are another package. */
const TYPES_OF: Versions = { 'aws-lambda': '@types/aws-lambda' };

/**
 * Reads a project's package.json. Each of its `exports` with a `default` is `./esm/<name>.js`, made of `src/<name>.ts`.
 * @throws Error naming the export
 */
export async function readManifest(root: string, projectRoot: string): Promise<PackageManifest> {
  const template = await readJson(join(root, projectRoot, 'package.json'));
  const exported = (template['exports'] ?? {}) as Record<string, string | { readonly default?: string }>;
  const entries = Object.entries(exported).flatMap(([subpath, target]) => {
    if (typeof target === 'string') return [];
    const name = /^\.\/esm\/([\w-]+)\.js$/.exec(target.default ?? '')?.[1];
    if (name === undefined) throw new Error(`exports["${subpath}"]: its default must be ./esm/<name>.js`);
    return [{ subpath, name }];
  });
  return { template, entries, peers: (template['peerDependencies'] ?? {}) as Versions };
}

/**
 * The package.json with a dependency for each package that is imported, from this workspace's version on: whoever has a
 * later one of the AWS SDK keeps one copy of it. What it names itself (a package that no code imports) stays.
 * @throws Error naming an import that is no dependency of the workspace
 */
export async function completeManifest(
  root: string,
  { template, peers }: PackageManifest,
  imported: ReadonlySet<string>,
): Promise<Readonly<Record<string, unknown>>> {
  const { dependencies, devDependencies } = (await readJson(join(root, 'package.json'))) as Record<string, Versions>;
  const versions: Versions = { ...devDependencies, ...dependencies };
  const packages = [...imported].filter((specifier) => !specifier.startsWith('node:')).map(packageOf);
  const needed = [...new Set(packages)].filter((name) => peers[name] === undefined).sort();
  const entries = needed.map((name) => {
    const version = versions[name];
    if (version === undefined) throw new Error(`${name} is imported, but the workspace has no version of it`);
    return [name, `^${version}`];
  });
  const named = (template['dependencies'] ?? {}) as Versions;
  return { ...template, dependencies: { ...named, ...(Object.fromEntries(entries) as Versions) } };
}

/** `@aws-sdk/client-sqs/x` → `@aws-sdk/client-sqs`, `zod/mini` → `zod`. */
function packageOf(specifier: string): string {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  return TYPES_OF[name] ?? name;
}

async function readJson(path: string): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await readFile(path, 'utf8')) as Readonly<Record<string, unknown>>;
}
