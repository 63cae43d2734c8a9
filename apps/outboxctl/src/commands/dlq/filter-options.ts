import type { Command } from 'commander';
import { parseAggregateId } from '../../aggregate-id';
import type { LetterFilter } from '../../dead-letters/filter';
import type { Stack } from '../../stack';
import { timeOption, type TimeOf } from '../options';

/** Which dead letters a verb is about, as its command line says. */
export interface FilterOptions {
  readonly message: readonly string[];
  readonly reason?: string;
  readonly type?: string;
  readonly aggregate?: string;
  readonly since?: TimeOf;
  readonly before?: TimeOf;
}

/** Adds the options that choose dead letters. */
export function addFilterOptions(command: Command): Command {
  return command
    .option('--message <id>', 'only the one of this message id (dlq show --json); again for another', collect, [])
    .option('--reason <reason>', 'only those that died of it, such as gap')
    .option('--type <type>', 'only those of this event type')
    .option('--aggregate <aggregate>', 'only those about this AGGREGATE/ID')
    .addOption(timeOption('--since <time>', 'only those set aside since then'))
    .addOption(timeOption('--before <time>', 'only those set aside before then'));
}

/** What the options mean for a stack at `now`. @throws UsageError when the aggregate is none of the stack */
export function filterOf(options: FilterOptions, { aggregate_types }: Stack, now: number): LetterFilter {
  const { message: messages, reason, type, aggregate, since, before } = options;
  return {
    messages,
    ...(reason === undefined ? {} : { reason }),
    ...(type === undefined ? {} : { type }),
    ...(aggregate === undefined ? {} : { about: parseAggregateId(aggregate, aggregate_types) }),
    ...(since === undefined ? {} : { since: since(now) }),
    ...(before === undefined ? {} : { before: before(now) }),
  };
}

function collect(id: string, known: readonly string[]): readonly string[] {
  return [...known, id];
}
