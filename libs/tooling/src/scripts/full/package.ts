import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { unzipSync } from 'fflate';
import { buildPackage, PACKAGES } from '../artifacts.ts';
import { runCommand } from '../command.ts';
import { check, checksOf, type Check, type Stage, stageEnvironment, stageLog } from '../gate/stage.ts';
import type { Settings } from '../settings.ts';
import { adoptPackage } from './adopt-package.ts';

/** What we read of the packed package.json. */
interface PackedManifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** Runs a program in the service's folder; its failure is thrown. */
type Run = (program: string, ...args: readonly string[]) => Promise<{ readonly stdout: string }>;

/** The npm package as a team gets it: packed, put into a service outside of this repository, checked and run. */
export function packageStage(): Stage {
  return {
    name: 'package',
    run: async (settings) => {
      const folder = await mkdtemp(join(tmpdir(), 'outbox-package-'));
      try {
        return checksOf(await tryPackage(settings, folder));
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  };
}

async function tryPackage(settings: Settings, folder: string): Promise<readonly Check[]> {
  const tarball = await buildPackage(settings, PACKAGES.outbox, { anew: true });
  const first = await sha256(tarball);
  await buildElsewhere(settings);
  const second = await sha256(tarball);

  const service = join(folder, 'parcels');
  const run = runIn(settings, service);
  const installed = await install(settings, service, tarball, 'example');
  const subscriptions = join(folder, 'subscriptions');
  await install(settings, subscriptions, tarball, 'example/subscriptions');
  const subpaths = Object.keys(installed.manifest.exports)
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => join(installed.manifest.name, subpath));
  return [
    { name: 'the same source gives the same tarball', problem: first === second ? '' : `${first}, then ${second}` },
    { name: 'nothing in it leads into this repository', problem: await strayPaths(settings, installed.folder) },
    await check('types with the resolution of Node', () => typecheck(run, 'nodenext', 'nodenext')),
    await check('types with the resolution of a bundler', () => typecheck(run, 'esnext', 'bundler')),
    await check('a service runs from its bundle', async () => {
      await bundle(run, 'run.ts');
      await run('node', 'run.cjs');
    }),
    await check('who commits only has no queue in the bundle', async () => {
      await bundle(run, 'parcels.ts');
      const { inputs } = JSON.parse(await readFile(join(service, 'parcels.json'), 'utf8')) as { inputs: object };
      const strays = Object.keys(inputs).filter((path) => path.includes('client-sqs/'));
      if (strays.length > 0) throw new Error(strays.join('\n'));
    }),
    await check('Terraform finds its modules', async () => {
      const modules = join(installed.folder, 'terraform', 'modules');
      const blocks = (await readdir(modules)).map(
        (name) => `module "${name}" {\n  source = "./${relative(service, join(modules, name))}"\n}\n`,
      );
      await writeFile(join(service, 'main.tf'), blocks.join('\n'));
      await run('terraform', 'get', '-no-color');
    }),
    await check('require takes every subpath', async () => {
      const lines = subpaths.map((subpath) => `if (Object.keys(require('${subpath}')).length === 0) process.exit(1);`);
      await writeFile(join(service, 'require.cjs'), lines.join('\n'));
      await run('node', 'require.cjs');
    }),
    ...(await adoptPackage(settings, subscriptions)),
  ];
}

/** Runs programs in a folder, without anything of this shell that leads elsewhere. */
function runIn(settings: Settings, cwd: string): Run {
  return (program, ...args) =>
    runCommand(program, args, {
      cwd,
      environment: stageEnvironment(settings),
      log: stageLog(settings, `package-${program}`),
    });
}

/** As on a machine of another kind. */
async function buildElsewhere(settings: Settings): Promise<void> {
  const umask = process.umask(0o077);
  try {
    const environment = { ...settings.environment, TZ: 'Pacific/Kiritimati' };
    await buildPackage({ ...settings, environment }, PACKAGES.outbox, { anew: true });
  } finally {
    process.umask(umask);
  }
}

/** Unpacks the tarball into a copy of an example, beside the very packages that it says it needs. */
async function install(
  settings: Settings,
  service: string,
  tarball: string,
  example: string,
): Promise<{ readonly folder: string; readonly manifest: PackedManifest }> {
  await mkdir(service);
  await runIn(settings, service)('tar', '-xzf', tarball);
  const manifest = JSON.parse(await readFile(join(service, 'package', 'package.json'), 'utf8')) as PackedManifest;
  const folder = join(service, 'node_modules', manifest.name);
  await mkdir(dirname(folder), { recursive: true });
  await cp(join(service, 'package'), folder, { recursive: true });
  await rm(join(service, 'package'), { recursive: true });
  const needed = { ...manifest.dependencies, ...manifest.peerDependencies, '@types/node': '' };
  for (const name of Object.keys(needed)) {
    const link = join(service, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(settings.root, 'node_modules', name), link);
  }
  await cp(join(settings.root, PACKAGES.outbox.folder, example), service, { recursive: true });
  await writeFile(join(service, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  return { folder, manifest };
}

/** Declarations of the package are checked too: nothing is skipped. */
async function typecheck(run: Run, module: string, moduleResolution: string): Promise<void> {
  const options = ['--noEmit', '--pretty', 'false', '--strict', '--target', 'es2024', '--types', 'node'];
  await run('tsc', ...options, '--module', module, '--moduleResolution', moduleResolution, 'run.ts');
}

/** `<name>.cjs`, and what it is made of in `<name>.json`. */
async function bundle(run: Run, entry: string): Promise<void> {
  const name = entry.replace(/\.ts$/, '');
  await run('esbuild', entry, '--bundle', '--platform=node', `--outfile=${name}.cjs`, `--metafile=${name}.json`);
}

/** Files that name a project of this workspace or a file of it by its path, those within zips among them. */
async function strayPaths(settings: Settings, folder: string): Promise<string> {
  const strays = ['@outbox/', `${settings.root}/`];
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    const texts = path.endsWith('.zip') ? Object.values(unzipSync(bytes)) : [bytes];
    for (const text of texts.map((one) => Buffer.from(one).toString('utf8'))) {
      found.push(
        ...strays.filter((stray) => text.includes(stray)).map((stray) => `${relative(folder, path)}: ${stray}`),
      );
    }
  }
  return found.join('\n');
}

async function sha256(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
