import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { awsClients, PATIENCE } from './clients';
import { oneLine } from './errors';
import { renderExplanation } from './explain';
import { Lifetime } from './lifetime';
import { watchNpx } from './parents';
import { asksForJson, runProgram } from './program';
import { loadStack } from './stack';
import { styleFor } from './style';

/** The bundle lies in dist/apps/outboxctl. */
const root = join(__dirname, '..', '..', '..');

const argv = process.argv.slice(2);
const environment = process.env;
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

const lifetime = new Lifetime(process, (error) => {
  const explanation = { message: 'cannot write the output', cause: oneLine(error.message) };
  complain(renderExplanation(explanation, asksForJson(argv)));
});

watchNpx(environment, () => lifetime.orphaned());

void runProgram(
  argv,
  {
    stack: (command) => loadStack(command.optsWithGlobals<{ stack?: string }>().stack, root, environment),
    ...awsClients(PATIENCE),
    newKey: randomUUID,
    now: Date.now,
    // A stop ends the wait, not the command that waits.
    sleep: (ms, stop) => sleep(ms, undefined, { signal: stop }).catch(() => undefined),
    protect: (work) => lifetime.protect(work),
    print: lifetime.print,
    progress: lifetime.progress,
    style: styleFor(process.stdout, environment),
    setExitCode: () => undefined,
  },
  { version, complain, environment },
).then((exitCode) => lifetime.end(exitCode));
