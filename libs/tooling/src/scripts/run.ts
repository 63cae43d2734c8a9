import { join } from 'node:path';
import { type Exclusive, exclusively } from './exclusively.ts';
import { handleSignals, InterruptedError, throwIfInterrupted } from './interruption.ts';
import { loadSettings, type Settings, UserError } from './settings.ts';
import { withoutProxyForLoopback } from './shell-variables.ts';
import { adviceFor } from './unwritable.cjs';

/** What the Makefile calls as `node run.ts COMMAND [ARGUMENT]`. Returns an exit code; none means 0. */
type Command = (settings: Settings, argument: string | undefined) => Promise<number | void>;

/** A command that works on what another must not work on at the same time. */
const alone = (what: Exclusive, load: () => Promise<Command>) => async (): Promise<Command> => {
  const command = await load();
  return (settings, argument) => exclusively(settings, what, () => command(settings, argument));
};

/** Each is loaded when it is called: the AWS SDK and what tests need take longer to load than some commands run. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  aws: async () => (await import('./aws.ts')).aws,
  bench: async () => (await import('./bench/bench.ts')).bench,
  'bench-report': async () => (await import('./bench/bench.ts')).benchReport,
  build: async () => (await import('./build.ts')).build,
  'bundle-report': async () => (await import('./bundles/bundle-report.ts')).bundleReport,
  chaos: async () => (await import('./chaos.ts')).chaos,
  'check-aws': async () => (await import('./check-aws.ts')).checkAws,
  demo: alone('stack', async () => (await import('./demo.ts')).demo),
  dev: async () => (await import('./dev/dev.ts')).dev,
  down: alone('stack', async () => (await import('./down.ts')).down),
  e2e: alone('tests', async () => (await import('./e2e.ts')).e2e),
  env: async () => (await import('./env.ts')).env,
  'new-aggregate': async () => (await import('./new-aggregate.ts')).newAggregate,
  'new-consumer': async () => (await import('./new-consumer.ts')).newConsumer,
  package: async () => (await import('./package-library.ts')).packageLibrary,
  'plan-summary': async () => (await import('../plan/plan-summary.ts')).planSummary,
  release: async () => (await import('./release/release.ts')).release,
  'release-files': async () => (await import('./release/release.ts')).releaseFiles,
  stop: alone('stack', async () => (await import('./down.ts')).stop),
  test: alone('tests', async () => (await import('./gate.ts')).gate),
  'test-full': alone('tests', async () => (await import('./gate.ts')).fullGate),
  up: alone('stack', async () => (await import('./up.ts')).up),
  workflows: alone('tests', async () => (await import('./workflows/run-workflows.ts')).workflows),
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
  const load = commands[name];
  if (load === undefined) throw new UserError(`Commands: ${Object.keys(commands).join(', ')}`);
  const command = await load();
  process.exitCode = (await command(loadSettings(root, process.env), argument)) ?? 0;
  throwIfInterrupted();
} catch (error) {
  // What the user can mend is told in one message; only a defect of these scripts shows its stack.
  const told = error instanceof UserError || error instanceof InterruptedError;
  console.error(told ? error.message : (adviceFor(error as NodeJS.ErrnoException) ?? error));
  process.exitCode = error instanceof InterruptedError ? error.exitCode : 1;
}
