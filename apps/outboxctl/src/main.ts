import { join } from 'node:path';
import { startProgram } from '@outbox/cli-kit';
import { awsClients, PATIENCE } from './clients';
import { OUTBOXCTL } from './program';
import { linesOf } from './source-lines/lines-of';
import { loadStack } from './stack';

/** The bundle lies in dist/apps/outboxctl. */
startProgram(OUTBOXCTL, join(__dirname, '..', '..', '..'), ({ root, environment }) => ({
  stack: (command) => loadStack(command.optsWithGlobals<{ stack?: string }>().stack, root, environment),
  root,
  environment,
  input: () => (process.stdin.isTTY ? undefined : linesOf(process.stdin)),
  ...awsClients(PATIENCE),
}));
