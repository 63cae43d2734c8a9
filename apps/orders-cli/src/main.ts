import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { STSClient } from '@aws-sdk/client-sts';
import { readOutputs, startProgram } from '@outbox/cli-kit';
import { apiOutputs } from './api';
import { ORDERS } from './program';

/** The bundle lies in dist/apps/orders-cli. */
startProgram(ORDERS, join(__dirname, '..', '..', '..'), ({ root, environment }) => ({
  api: (command) => readOutputs(apiOutputs, command.optsWithGlobals<{ stack?: string }>().stack, root, environment),
  // Any client of the SDK finds them where the SDK looks; none is called.
  credentials: () => new STSClient({}).config.credentials(),
  newKey: randomUUID,
}));
