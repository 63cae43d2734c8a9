import type { Command } from 'commander';
import type { CliContext } from '../context';
import { addDropCommand } from './drop';
import { addListCommand } from './list';
import { addRedriveCommand } from './redrive';
import { addShowCommand } from './show';

/** `dlq list | show | redrive | drop`: what was set aside anywhere, why, and how it comes back or goes. */
export function addDlqCommands(program: Command, context: CliContext): void {
  const dlq = program
    .command('dlq')
    .description('dead letters: of the consumers, the acknowledger, the pipe and the sweeper’s schedule');
  for (const add of [addListCommand, addShowCommand, addRedriveCommand, addDropCommand]) add(dlq, context);
}
