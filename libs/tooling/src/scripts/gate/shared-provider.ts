import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CommandOptions } from '../command.ts';
import { UserError } from '../settings.ts';

const startDeadlineMs = 60_000;
const announcement = /TF_REATTACH_PROVIDERS='(.+)'/;

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
  const child = spawn(program, ['-debug'], {
    cwd: options.cwd,
    env: options.environment as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  const printed: string[] = [];
  const timer = setTimeout(() => child.kill('SIGKILL'), startDeadlineMs);
  try {
    const reattach = await new Promise<string>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          printed.push(line);
          const value = announcement.exec(line)?.[1];
          if (value !== undefined) resolve(value);
        });
      }
      child.once('error', reject);
      void ended.then(() => reject(new Error('it ended')));
    });
    return { reattach, stop };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`${printed.join('\n')}\n${program} -debug did not start: ${reason}`, { cause });
  } finally {
    clearTimeout(timer);
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
