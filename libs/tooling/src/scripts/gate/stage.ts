import { join } from 'node:path';
import { buildArtifacts } from '../artifacts.ts';
import { runCommand } from '../command.ts';
import { nxEnvironment } from '../nx.ts';
import { silently } from '../progress.ts';
import type { Settings } from '../settings.ts';
import { withoutStrays } from '../shell-variables.ts';

/** What a stage counted; `output` is shown when something failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
  /** What the stage left out, a line each: neither passed nor failed, and shown always. */
  readonly notRun?: readonly string[];
  /** Names of what failed, where the stage knows them: told once more at the end, where a long log is read from. */
  readonly failures?: readonly string[];
}

/** One part of the gate. May throw: that counts as one failure. */
export interface Stage {
  readonly name: string;
  readonly run: (settings: Settings) => Promise<Tally>;
}

/**
 * The environment of every stage: plain output, no background process left behind, nothing that leads tests elsewhere.
 * FORCE is the gate's own: tests run `make up`, which reads it too.
 */
export function stageEnvironment(settings: Settings): Record<string, string | undefined> {
  const { FORCE: _, ...environment } = withoutStrays(settings.environment);
  return {
    ...environment,
    ...nxEnvironment,
    FORCE_COLOR: '0',
    CI: '1',
  };
}

export function stageLog(settings: Settings, name: string): string {
  return join(settings.localDirectory, 'logs', `test-${name.replaceAll(/\W+/g, '-')}.log`);
}

/**
 * Compilers, linters and tests make much garbage that is short-lived: with more room for it, Node collects it less often,
 * which takes a tenth of the processor time off. In megabytes, for each process.
 */
const roomForGarbage = '--max-semi-space-size=128';

/** What `node` is called with to run a program that npm installed. */
export function installed({ root }: Settings, program: string, args: readonly string[]): readonly string[] {
  return [roomForGarbage, join(root, 'node_modules', '.bin', program), ...args];
}

/** A stage that is one program which npm installed, and counts as one: passed when it exits with 0. */
export function checkStage(name: string, program: string, args: readonly string[]): Stage {
  return {
    name,
    run: async (settings) => {
      await runCommand('node', installed(settings, program, args), {
        cwd: settings.root,
        environment: stageEnvironment(settings),
        log: stageLog(settings, name),
      });
      return { passed: 1, failed: 0, output: '' };
    },
  };
}

/** Builds all there is, once for everybody who deploys it. Counts as one. */
export function buildStage(): Stage {
  return {
    name: 'build',
    run: async (settings) => {
      await buildArtifacts(settings, 'all', silently);
      return { passed: 1, failed: 0, output: '' };
    },
  };
}

/** What several tallies counted together. */
export function sumOf(tallies: readonly Tally[]): Tally {
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0);
  const output = tallies.map((tally) => tally.output).filter((text) => text !== '');
  return {
    passed: sum((tally) => tally.passed),
    failed: sum((tally) => tally.failed),
    output: output.join('\n'),
    failures: tallies.flatMap(({ failures = [] }) => failures),
  };
}

/** One thing that a stage looked at; `problem` is empty when it is as it should be. */
export interface Check {
  readonly name: string;
  readonly problem: string;
}

/** A check that passes unless `work` throws. */
export async function check(name: string, work: () => Promise<unknown>): Promise<Check> {
  try {
    await work();
    return { name, problem: '' };
  } catch (error) {
    return { name, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The tally of a stage's checks, each counting one. */
export function checksOf(checks: readonly Check[]): Tally {
  const failed = checks.filter(({ problem }) => problem !== '');
  return {
    passed: checks.length - failed.length,
    failed: failed.length,
    output: failed.map(({ name, problem }) => `${name}: no\n${problem}`).join('\n'),
    failures: failed.map(({ name }) => name),
  };
}
