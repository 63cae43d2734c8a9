import { join } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { type ProgramDefinition, UsageError } from '@outbox/cli-kit';
import { readRequests } from '../console/requests';
import { startConsole } from '../console/run-console';
import type { CliContext, OwnContext } from './context';
import { spanOption } from './options';

interface Options {
  readonly port: number;
  readonly write?: boolean;
  readonly every: number;
  readonly localCloud?: string;
  readonly directory?: string;
}

const EVERY_SECONDS = 10;

/** `console`: the stack as a page, on this machine alone, until it is interrupted. `commands` are what the page may run. */
export function addConsoleCommand(
  program: Command,
  context: CliContext,
  commands: ProgramDefinition<OwnContext>,
): void {
  program
    .command('console')
    .description('the stack as a page on 127.0.0.1, with your credentials; read-only unless --write')
    .option('--port <port>', 'where it listens; 0: any free one', portOption, 0)
    .option('--write', 'the page may change the stack: redrive, repair, skip, pause …')
    .option('--every <seconds>', 'how often AWS is asked while a page is open', spanOption, EVERY_SECONDS)
    .option('--local-cloud <origin>', 'of the local cloud that serves the page under /_console, without a login')
    .option('--directory <folder>', 'with --local-cloud: where it keeps what the page offers besides')
    .action(async ({ port, write = false, every, localCloud, directory }: Options, command: Command) => {
      if (localCloud !== undefined && !/^http:\/\/(127\.0\.0\.1|localhost):\d+$/.test(localCloud)) {
        throw new UsageError('--local-cloud takes an origin on this machine, such as http://127.0.0.1:4566');
      }
      const stack = await context.stack(command);
      const offers = localCloud !== undefined && directory !== undefined;
      const requests = offers ? await readRequests(join(directory, 'console-requests.json')) : [];
      await context.protect(async (stop) => {
        const options = {
          port,
          write,
          everyMs: every * 1_000,
          requests,
          ...(localCloud === undefined ? {} : { localCloud }),
        };
        const { url, close } = await startConsole(commands, context, stack, options);
        context.print(`console at ${url}${write ? '' : ' (read-only; --write may change the stack)'}`);
        if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
        await close();
      });
    });
}

function portOption(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('It takes a port, 0 to 65535.');
  return Number(text);
}
