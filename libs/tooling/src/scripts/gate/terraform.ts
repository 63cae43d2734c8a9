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
 * Each test file is a Terraform of its own, as many at once as there are processors: one alone runs them in turn. The
 * tests mock the provider, so all of them share one process of it.
 */
function testStage(settings: Settings, folder: string, name: string): Stage {
  return {
    name: `test ${name}`,
    run: async () => {
      const waiting = await testFiles(folder);
      const usual = await options(settings, folder, `test-${name}`);
      const provider = await startSharedProvider(usual.dataDirectory, usual);
      const environment = { ...usual.environment, TF_REATTACH_PROVIDERS: provider.reattach };
      const tallies: Tally[] = [];
      const work = async (): Promise<void> => {
        for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
          const log = stageLog(settings, `test-${name}-${file}`);
          const run = { ...usual, environment, log, accept: [0, 1] };
          const { stdout } = await runCommand('terraform', ['test', '-json', `-filter=tests/${file}`], run);
          tallies.push(tallyOf(stdout));
        }
      };
      try {
        await sideBySide(Array.from({ length: availableParallelism() }, work));
      } finally {
        await provider.stop();
      }
      return tallies.length === 0 ? noTests : sumOf(tallies);
    },
  };
}

/** The longest first, so that none of them is left running alone at the end. */
async function testFiles(folder: string): Promise<string[]> {
  const files = (await readdir(join(folder, 'tests'))).filter((file) => file.endsWith('.tftest.hcl'));
  const sized = await Promise.all(
    files.map(async (file) => ({ file, size: (await stat(join(folder, 'tests', file))).size })),
  );
  return sized.sort((a, b) => b.size - a.size).map(({ file }) => file);
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
