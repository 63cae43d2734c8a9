import type { Command } from 'commander';

/** A command of a program, by its words: `['dlq', 'redrive']`; the program itself has none. */
export interface Verb {
  readonly words: readonly string[];
  readonly command: Command;
}

/** A program and all its commands, groups too. */
export function verbsOf(command: Command, words: readonly string[] = []): Verb[] {
  const inner = command.commands.flatMap((each) => verbsOf(each, [...words, each.name()]));
  return [{ words, command }, ...inner];
}
