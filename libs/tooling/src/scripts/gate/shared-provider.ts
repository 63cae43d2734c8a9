import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandOptions, runCommand } from '../command.ts';
import { UserError } from '../settings.ts';

const readyWithinMs = 60_000;
const announcement = /TF_REATTACH_PROVIDERS='(.+)'/;
/** In debug mode it writes down every call it gets and makes, tens of megabytes for a test run, unless told not to. */
const quietly = { TF_LOG_SDK: 'off', TF_LOG_PROVIDER_AWS: 'off' };

/** A provider process that any number of Terraform commands use, instead of each starting its own several times. */
export interface SharedProvider {
  /** The value of TF_REATTACH_PROVIDERS. */
  readonly reattach: string;
  stop(): Promise<void>;
}

/**
 * Starts the AWS provider that `terraform init` installed in `dataDirectory`, in its debug mode, and waits until it says
 * how to reach it. Starting the provider costs seconds of processor time, and `terraform test` does it for every run.
 * Only for commands that ask it for nothing but its schema: a configured provider must not be shared.
 * @throws UserError when it is not there, ends, or doesn't get ready within a minute
 */
export async function startSharedProvider(dataDirectory: string, options: CommandOptions): Promise<SharedProvider> {
  const program = await providerProgram(dataDirectory);
  const stopping = new AbortController();
  const ready = Promise.withResolvers<string>();
  const running = runCommand(program, ['-debug'], {
    ...options,
    environment: { ...options.environment, ...quietly },
    abort: stopping.signal,
    onLine: (line) => {
      const reattach = announcement.exec(line)?.[1];
      if (reattach !== undefined) ready.resolve(reattach);
    },
  });
  running.then(() => ready.reject(new UserError(`${program} ended. What it printed: ${options.log}`)), ready.reject);
  const late = setTimeout(() => {
    stopping.abort(new UserError(`${program} was not ready within a minute. What it printed: ${options.log}`));
  }, readyWithinMs);
  try {
    return {
      reattach: await ready.promise,
      stop: async () => {
        stopping.abort();
        await running.catch((error: unknown) => {
          if (error !== stopping.signal.reason) throw error;
        });
      },
    };
  } finally {
    clearTimeout(late);
  }
}

/** Terraform keeps a provider under its source address, version and platform. */
async function providerProgram(dataDirectory: string): Promise<string> {
  let folder = join(dataDirectory, 'providers', 'registry.terraform.io', 'hashicorp', 'aws');
  for (const level of ['version', 'platform']) {
    const [first] = await readdir(folder);
    if (first === undefined) throw new UserError(`${folder} holds no ${level} of the AWS provider: run terraform init`);
    folder = join(folder, first);
  }
  const program = (await readdir(folder)).find((file) => file.startsWith('terraform-provider-aws'));
  if (program === undefined) throw new UserError(`${folder} holds no AWS provider: run terraform init`);
  return join(folder, program);
}
