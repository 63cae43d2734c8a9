import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import type { Stage, Tally } from './stage.ts';
import { installed, stageEnvironment, stageLog } from './stage.ts';

/** The fields we read of Jest's `--json` result. */
interface JestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/**
 * Node 22 keeps an AsyncLocalStorage by a hook on every promise, for each storage that ever held something. Every test file
 * loads the AWS SDK, and its storages, anew: after a hundred, the hooks take a fifth of all processor time. Node 24 has
 * none of them.
 */
const asyncContextFrame = '--experimental-async-context-frame';
const withoutPromiseHooks = process.allowedNodeEnvironmentFlags.has(asyncContextFrame) ? [asyncContextFrame] : [];

/** A stage that counts Jest's tests. A suite that can't be run is a failure, and so are a skipped test and no test. */
export function jestStage(
  name: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Stage {
  return {
    name,
    run: async (settings) => {
      const file = join(settings.localDirectory, 'logs', `test-${name.replaceAll(/\W+/g, '-')}.json`);
      await rm(file, { force: true });
      const jest = installed(settings, 'jest', [...args, '--json', `--outputFile=${file}`]);
      const { output } = await runCommand('node', [...withoutPromiseHooks, ...jest], {
        cwd: settings.root,
        environment: { ...stageEnvironment(settings), ...variables },
        log: stageLog(settings, name),
        accept: [0, 1],
      });
      const tally = tallyOf(await readFile(file, 'utf8').catch(() => undefined), output);
      return { ...tally, notRun: output.split('\n').filter((line) => line.startsWith('not run: ')) };
    },
  };
}

/** Counts of a `--json` result; without one (Jest itself failed) one failure with what it printed. */
export function tallyOf(json: string | undefined, printed: string): Tally {
  if (json === undefined) return { passed: 0, failed: 1, output: printed };
  const result = JSON.parse(json) as JestResult;
  const output = result.testResults.map(({ message }) => message).filter((message) => message !== '');
  const skipped = result.numPendingTests + result.numTodoTests;
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites + skipped;
  if (result.numPassedTests + failed === 0) return { passed: 0, failed: 1, output: printed };
  return {
    passed: result.numPassedTests,
    failed,
    output: [...output, ...(skipped > 0 ? [`${skipped} tests were skipped`] : [])].join('\n'),
    failures: result.testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => fullName),
  };
}
