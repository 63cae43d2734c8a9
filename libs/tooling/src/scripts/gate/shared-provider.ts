import { type CommandOptions, runCommand } from '../command.ts';
import { debugMode, providerProgram, quietly, reattachIn } from '../provider-program.ts';
import { UserError } from '../settings.ts';

const readyWithinMs = 60_000;

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
  const program = providerProgram(dataDirectory);
  const stopping = new AbortController();
  const ready = Promise.withResolvers<string>();
  const running = runCommand(program, debugMode, {
    ...options,
    environment: { ...options.environment, ...quietly },
    abort: stopping.signal,
    onLine: (line) => {
      const reattach = reattachIn(line);
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
