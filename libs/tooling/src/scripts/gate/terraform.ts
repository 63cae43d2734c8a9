import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { runCommand, type CommandOptions } from '../command.ts';
import { changed, localAccess } from '../local-environment.ts';
import { cliConfiguration } from '../provider-mirror.ts';
import type { Settings } from '../settings.ts';
import { startSharedProvider } from './shared-provider.ts';
import { sideBySide } from './side-by-side.ts';
import { type Stage, stageLog, sumOf, type Tally } from './stage.ts';

/** The fields we read of a line of `terraform test -json`. */
interface TestEvent {
  readonly type?: string;
  readonly '@message'?: string;
  readonly test_summary?: {
    readonly passed: number;
    readonly failed: number;
    readonly errored: number;
    readonly skipped: number;
  };
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail?: string };
}

const noTests: Tally = { passed: 0, failed: 1, output: 'no terraform tests were found' };

/** `fmt`, `validate` and `test` of the root module and of every module that has tests of its own. */
export async function terraformStages(settings: Settings): Promise<readonly Stage[]> {
  const root = join(settings.root, 'terraform');
  const folders = [root, ...(await modulesWithTests(root))];
  return [
    {
      name: 'terraform fmt',
      run: async () => {
        await runCommand(
          'terraform',
          ['fmt', '-check', '-recursive', '-diff', root],
          await options(settings, root, 'fmt'),
        );
        return { passed: 1, failed: 0, output: '' };
      },
    },
    ...folders.flatMap((folder) => {
      const name = relative(settings.root, folder);
      return [validateStage(settings, folder, name), testStage(settings, folder, name)];
    }),
  ];
}

async function modulesWithTests(root: string): Promise<readonly string[]> {
  const modules = (await readdir(join(root, 'modules'))).sort();
  return modules.map((module) => join(root, 'modules', module)).filter((folder) => existsSync(join(folder, 'tests')));
}

function validateStage(settings: Settings, folder: string, name: string): Stage {
  return {
    name: `validate ${name}`,
    run: async () => {
      const run = await options(settings, folder, `validate-${name}`);
      const lock = existsSync(join(folder, '.terraform.lock.hcl')) ? ['-lockfile=readonly'] : [];
      await runCommand('terraform', ['init', '-backend=false', '-input=false', '-no-color', ...lock], run);
      // The tests are run next; a validation of them knows no aliased provider of a run.
      await runCommand('terraform', ['validate', '-no-tests', '-no-color'], run);
      return { passed: 1, failed: 0, output: '' };
    },
  };
}

/**
 * As many Terraforms as there are processors, since one runs its files in turn, and no more: each spends seconds on the
 * provider's schemas before its first run. The tests mock the provider, so all of them share one process of it.
 */
function testStage(settings: Settings, folder: string, name: string): Stage {
  return {
    name: `test ${name}`,
    run: async () => {
      const usual = await options(settings, folder, `test-${name}`);
      const shares = shareOut(await testFiles(folder), availableParallelism());
      const provider = await startSharedProvider(usual.dataDirectory, usual);
      const environment = { ...usual.environment, TF_REATTACH_PROVIDERS: provider.reattach };
      const work = async (files: readonly string[], index: number): Promise<Tally> => {
        const log = stageLog(settings, `test-${name}-${index + 1}`);
        const filters = files.map((file) => `-filter=tests/${file}`);
        const run = { ...usual, environment, log, accept: [0, 1] };
        return tallyOf((await runCommand('terraform', ['test', '-json', ...filters], run)).stdout);
      };
      try {
        const tallies = await sideBySide(shares.map(work));
        return tallies.length === 0 ? noTests : sumOf(tallies);
      } finally {
        await provider.stop();
      }
    },
  };
}

/** A test file, and a measure of how long it takes. */
interface TestFile {
  readonly file: string;
  readonly size: number;
}

async function testFiles(folder: string): Promise<readonly TestFile[]> {
  const files = (await readdir(join(folder, 'tests'))).filter((file) => file.endsWith('.tftest.hcl'));
  return Promise.all(files.map(async (file) => ({ file, size: (await stat(join(folder, 'tests', file))).size })));
}

/** Every file in one of at most `count` shares, which take about as long as each other; no share is empty. */
export function shareOut(files: readonly TestFile[], count: number): readonly (readonly string[])[] {
  const shares = Array.from({ length: count }, () => ({ size: 0, files: [] as string[] }));
  for (const { file, size } of [...files].sort((a, b) => b.size - a.size)) {
    const [smallest] = shares.sort((a, b) => a.size - b.size);
    smallest?.files.push(file);
    if (smallest) smallest.size += size;
  }
  return shares.map((share) => share.files).filter((share) => share.length > 0);
}

/** Counts of `terraform test -json`; without a summary (Terraform itself failed) one failure. */
export function tallyOf(stdout: string): Tally {
  const events = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as TestEvent);
  const output = events
    .filter(({ diagnostic }) => diagnostic?.severity === 'error')
    .map(({ '@message': message, diagnostic }) => [message, diagnostic?.detail].filter(Boolean).join('\n'))
    .join('\n');
  const summary = events.find(({ type }) => type === 'test_summary')?.test_summary;
  if (summary === undefined) return { passed: 0, failed: 1, output: output || stdout };
  const { passed, failed, errored, skipped } = summary;
  if (passed + failed + errored + skipped === 0) return noTests;
  return { passed: summary.passed, failed: summary.failed + summary.errored + summary.skipped, output };
}

/** Mocked providers need no account; the data folder is the gate's own so that no deployed state is touched. */
export async function options(
  settings: Settings,
  folder: string,
  step: string,
): Promise<CommandOptions & { readonly dataDirectory: string }> {
  const dataDirectory = join(
    settings.localDirectory,
    'test-terraform',
    relative(settings.root, folder).replaceAll(/\W+/g, '-'),
  );
  return {
    dataDirectory,
    cwd: folder,
    environment: changed(settings.environment, {
      ...localAccess(settings, await cliConfiguration(settings)),
      TF_DATA_DIR: dataDirectory,
      CHECKPOINT_DISABLE: '1',
    }),
    log: stageLog(settings, step),
  };
}
