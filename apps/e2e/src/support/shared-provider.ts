import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const READY_WITHIN_MS = 60_000;
/** It writes down every call it gets and makes unless told not to. */
const QUIETLY = { TF_LOG_SDK: 'off', TF_LOG_PROVIDER_AWS: 'off' };

let provider: ChildProcess | undefined;

/**
 * Starts the AWS provider that `make up` deployed with, for the Terraform commands of the suite, which find it by
 * TF_REATTACH_PROVIDERS: each by itself would check the provider's files and start it three times, a third of all that it
 * does. It calls the local cloud that this process' environment names.
 * @throws when it isn't there, ends, or doesn't get ready in time
 */
export async function shareProvider(): Promise<void> {
  const program = providerProgram();
  const started = spawn(program, ['-debug'], {
    env: { ...process.env, ...QUIETLY },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  provider = started;
  const late = setTimeout(endSharedProvider, READY_WITHIN_MS);
  try {
    process.env['TF_REATTACH_PROVIDERS'] = await new Promise<string>((resolve, reject) => {
      started.once('error', reject);
      started.once('exit', (code, signal) => reject(new Error(`${program} ended with ${signal ?? String(code)}`)));
      createInterface({ input: started.stdout }).on('line', (line) => {
        const [, reattach] = /TF_REATTACH_PROVIDERS='(.+)'/.exec(line) ?? [];
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

/** Where `terraform init` put it: by source address, version and platform. */
function providerProgram(): string {
  const folder = join(process.env['TF_DATA_DIR'] ?? '', 'providers', 'registry.terraform.io', 'hashicorp', 'aws');
  const found = readdirSync(folder)
    .flatMap((version) => readdirSync(join(folder, version)).map((platform) => join(folder, version, platform)))
    .flatMap((installed) => readdirSync(installed).map((file) => join(installed, file)))
    .find((file) => file.includes('terraform-provider-aws'));
  if (found === undefined) throw new Error(`${folder} holds no AWS provider`);
  return found;
}
