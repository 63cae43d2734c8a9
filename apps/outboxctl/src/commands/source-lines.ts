import { join } from 'node:path';
import type { Command } from 'commander';
import { UsageError, wantsJson } from '@outbox/cli-kit';
import { SourceLines } from '../source-lines/source-lines';
import type { CliContext } from './context';

/** `source-lines`: a log whose stack traces name the sources. Exit 1 if a function's source map is missing. */
export function addSourceLinesCommand(program: Command, context: CliContext): void {
  program
    .command('source-lines')
    .description('a log from standard input, its stack traces with files and lines of the sources')
    .option('--maps <folder>', 'where the source maps are; dist/apps of this checkout unless given')
    .action(async ({ maps = join(context.root, 'dist', 'apps') }: { maps?: string }, command: Command) => {
      const input = context.input();
      if (input === undefined) {
        throw new UsageError('it reads a log from standard input: aws logs tail GROUP | outboxctl source-lines');
      }
      const sources = new SourceLines(maps);
      for await (const line of input) {
        const translated = sources.translate(line);
        context.print(wantsJson(command) ? translated : unfolded(translated));
      }
      for (const bundle of sources.missing) {
        context.progress(
          `no source map of ${bundle}: build the commit that is deployed, or give --maps what its release has`,
        );
      }
      if (sources.missing.length > 0) context.setExitCode(1);
    });
}

/** A line each for the frames of stack traces within JSON, however often it is quoted. */
function unfolded(text: string): string {
  return text.replace(/\\+n(?= +at )/g, '\n');
}
