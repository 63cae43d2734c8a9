import { join } from 'node:path';
import { bench } from './bench/bench.ts';
import { aws } from './aws.ts';
import { build } from './build.ts';
import { chaos } from './chaos.ts';
import { checkAws } from './check-aws.ts';
import { demo } from './demo.ts';
import { down, stop } from './down.ts';
import { e2e } from './e2e.ts';
import { env } from './env.ts';
import { type Exclusive, exclusively } from './exclusively.ts';
import { fullGate, gate } from './gate.ts';
import { handleSignals, InterruptedError, throwIfInterrupted } from './interruption.ts';
import { newAggregate } from './new-aggregate.ts';
import { newConsumer } from './new-consumer.ts';
import { packageLibrary } from './package-library.ts';
import { release, releaseFiles } from './release/release.ts';
import { planSummary } from '../plan/plan-summary.ts';
import { loadSettings, type Settings, UserError } from './settings.ts';
import { withoutProxyForLoopback } from './shell-variables.ts';
import { adviceFor } from './unwritable.cjs';
import { up } from './up.ts';
import { workflows } from './workflows/run-workflows.ts';

/** What the Makefile calls as `node run.ts COMMAND [ARGUMENT]`. Returns an exit code; none means 0. */
type Command = (settings: Settings, argument: string | undefined) => Promise<number | void>;

/** A command that works on what another must not work on at the same time. */
const alone =
  (what: Exclusive, command: Command): Command =>
  (settings, argument) =>
    exclusively(settings, what, () => command(settings, argument));

const commands: Readonly<Record<string, Command>> = {
  aws,
  bench,
  build,
  chaos,
  'check-aws': checkAws,
  demo: alone('stack', demo),
  down: alone('stack', down),
  e2e: alone('tests', e2e),
  env,
  'new-aggregate': newAggregate,
  'new-consumer': newConsumer,
  package: packageLibrary,
  'plan-summary': planSummary,
  release,
  'release-files': releaseFiles,
  stop: alone('stack', stop),
  test: alone('tests', gate),
  'test-full': alone('tests', fullGate),
  up: alone('stack', up),
  workflows: alone('tests', workflows),
};

// `make up | head`, or a terminal that was closed: whoever reads may leave, the work goes on, or ends in order.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}
handleSignals();

// Also for the calls of this process: fetch reads it each time.
Object.assign(process.env, withoutProxyForLoopback(process.env));

const root = join(import.meta.dirname, '..', '..', '..', '..');
const [name = '', argument] = process.argv.slice(2);
try {
  const command = commands[name];
  if (command === undefined) throw new UserError(`Commands: ${Object.keys(commands).join(', ')}`);
  process.exitCode = (await command(loadSettings(root, process.env), argument)) ?? 0;
  throwIfInterrupted();
} catch (error) {
  // What the user can mend is told in one message; only a defect of these scripts shows its stack.
  const told = error instanceof UserError || error instanceof InterruptedError;
  console.error(told ? error.message : (adviceFor(error as NodeJS.ErrnoException) ?? error));
  process.exitCode = error instanceof InterruptedError ? error.exitCode : 1;
}
