import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startProgram } from '@outbox/cli-kit';
import { awsClients, PATIENCE } from './clients';
import { OUTBOXCTL } from './program';
import { loadStack } from './stack';

/** The bundle lies in dist/apps/outboxctl. */
startProgram(OUTBOXCTL, join(__dirname, '..', '..', '..'), ({ root, environment }) => ({
  stack: (command) => loadStack(command.optsWithGlobals<{ stack?: string }>().stack, root, environment),
  root,
  environment,
  input: () => (process.stdin.isTTY ? undefined : createInterface({ input: process.stdin })),
  ...awsClients(PATIENCE),
}));
