import type { Command } from 'commander';
import { wantsJson } from '@outbox/cli-kit';
import { parseAggregateId } from '../aggregate-id';
import { loadTrace } from '../trace/load';
import { renderTrace } from '../trace/render';
import type { Trace } from '../trace/timeline';
import type { CliContext } from './context';
import { spanOption } from './options';

const POLL_MS = 100;

/** `trace AGGREGATE/ID`: where each event of an aggregate is, from the tables alone. */
export function addTraceCommand(program: Command, context: CliContext): void {
  program
    .command('trace')
    .description(
      'every event of an aggregate, hop by hop: committed, relayed, on the bus, queued, done by each consumer',
    )
    .argument('<aggregate>', 'AGGREGATE/ID')
    .option('--wait <seconds>', 'wait until every consumer is done; exit 1 when it takes longer', spanOption)
    .action(async (text: string, options: { wait?: number }, command: Command) => {
      const stack = await context.stack(command);
      const about = parseAggregateId(text, stack.aggregate_types);
      const load = (): Promise<Trace> => loadTrace(context.dynamodb(), stack, about);
      const trace = options.wait === undefined ? await load() : await waitFor(load, options.wait, context);
      context.print(wantsJson(command) ? JSON.stringify(trace) : renderTrace(trace, context.style));
      if (options.wait !== undefined && !trace.complete) context.setExitCode(1);
    });
}

async function waitFor(load: () => Promise<Trace>, seconds: number, context: CliContext): Promise<Trace> {
  const deadline = context.now() + seconds * 1000;
  for (;;) {
    const trace = await load();
    if (trace.complete || context.now() >= deadline) return trace;
    await context.sleep(POLL_MS);
  }
}
