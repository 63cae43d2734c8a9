import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import {
  debugMode,
  providerProgram,
  quietly,
  reattachIn,
} from '../../../../libs/tooling/src/scripts/provider-program.ts';

const READY_WITHIN_MS = 60_000;

let provider: ChildProcess | undefined;

/**
 * Starts the AWS provider that `make up` deployed with, for every Terraform command of the suite: each spends a third of its
 * processor time on checking the provider's files and starting it, three times. It calls the local cloud of this process'
 * environment, which gets TF_REATTACH_PROVIDERS.
 * @throws when it ends, or doesn't get ready in time
 */
export async function shareProvider(): Promise<void> {
  const program = providerProgram(process.env['TF_DATA_DIR'] ?? '');
  const started = spawn(program, debugMode, {
    env: { ...process.env, ...quietly },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  provider = started;
  const late = setTimeout(endSharedProvider, READY_WITHIN_MS);
  try {
    process.env['TF_REATTACH_PROVIDERS'] = await new Promise<string>((resolve, reject) => {
      started.once('error', reject);
      started.once('exit', (code, signal) => reject(new Error(`${program} ended with ${signal ?? String(code)}`)));
      createInterface({ input: started.stdout }).on('line', (line) => {
        const reattach = reattachIn(line);
        if (reattach !== undefined) resolve(reattach);
      });
    });
  } finally {
    clearTimeout(late);
  }
}

/** Ends it, where one was started. */
export function endSharedProvider(): void {
  provider?.kill();
}
