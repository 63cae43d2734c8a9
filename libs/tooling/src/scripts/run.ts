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
import { fullGate, gate } from './gate.ts';
import { newConsumer } from './new-consumer.ts';
import { planSummary } from '../plan/plan-summary.ts';
import { loadSettings, type Settings, UserError } from './settings.ts';
import { withoutProxyForLoopback } from './shell-variables.ts';
import { up } from './up.ts';

/** `node run.ts COMMAND [ARGUMENT]`: what the Makefile calls. Answers are exit codes; none means 0. */
const commands: Readonly<Record<string, (settings: Settings, argument: string | undefined) => Promise<number | void>>> =
  {
    aws,
    bench,
    build,
    chaos,
    'check-aws': checkAws,
    demo,
    down,
    e2e,
    env,
    'new-consumer': newConsumer,
    'plan-summary': planSummary,
    stop,
    test: gate,
    'test-full': fullGate,
    up,
  };

// `make up | head`: whoever reads may leave, the work goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// Also for the calls of this process: fetch reads it each time.
Object.assign(process.env, withoutProxyForLoopback(process.env));

const root = join(import.meta.dirname, '..', '..', '..', '..');
const [name = '', argument] = process.argv.slice(2);
try {
  const command = commands[name];
  if (command === undefined) throw new UserError(`Commands: ${Object.keys(commands).join(', ')}`);
  process.exitCode = (await command(loadSettings(root, process.env), argument)) ?? 0;
} catch (error) {
  // What the user can mend is told in one message; only a defect of these scripts shows its stack.
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
}
