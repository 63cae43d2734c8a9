import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProgramContext } from './context';
import { renderExplanation } from './explain';
import { Lifetime } from './lifetime';
import { oneLine } from './one-line';
import { watchNpx } from './parents';
import { asksForJson, runProgram, type ProgramDefinition } from './program';
import { rewritesLines, styleFor } from './style';
import type { Environment } from './terraform-output';

/** What a program's own part of its context is made from. */
export interface ProgramHost {
  /** The repository's root, where `terraform/` is. */
  readonly root: string;
  readonly environment: Environment;
}

/**
 * Runs this process as the program and ends it with the program's exit code. `ownContext` makes what its commands need
 * besides what every program has.
 */
export function startProgram<Own extends object>(
  definition: ProgramDefinition<Own>,
  root: string,
  ownContext: (host: ProgramHost) => Own,
): void {
  const argv = process.argv.slice(2);
  const environment = process.env;
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  const complain = (text: string): void => void process.stderr.write(`${text}\n`);

  const lifetime = new Lifetime(definition.name, process, (error) => {
    const explanation = { message: 'cannot write the output', cause: oneLine(error.message) };
    complain(renderExplanation(definition.name, explanation, asksForJson(argv)));
  });
  watchNpx(environment, () => lifetime.orphaned());

  const shared: ProgramContext = {
    now: Date.now,
    // A stop ends the wait, not the command that waits.
    sleep: (ms, stop) => sleep(ms, undefined, { signal: stop }).catch(() => undefined),
    protect: (work) => lifetime.protect(work),
    print: lifetime.print,
    progress: lifetime.progress,
    ...(rewritesLines(process.stderr, environment) ? { status: lifetime.status } : {}),
    ...(rewritesLines(process.stdout, environment) ? { clear: lifetime.clear } : {}),
    style: styleFor(process.stdout, environment),
    setExitCode: () => undefined,
  };
  const context = { ...shared, ...ownContext({ root, environment }) };
  void runProgram(definition, argv, context, { version, complain, environment }).then((exitCode) =>
    lifetime.end(exitCode),
  );
}
