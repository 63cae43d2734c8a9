import { createTree, styleFor, verbsOf } from '@outbox/cli-kit';
import type { CliContext } from '../commands/context';
import { OUTBOXCTL } from '../program';

/** The commands of outboxctl, which do nothing but note in `ran` which ran. */
export function commandTree(ran: string[] = []) {
  const context = { style: styleFor({}, {}), print: () => undefined, now: () => 0 } as unknown as CliContext;
  const program = createTree(OUTBOXCTL, context, { json: false, complain: () => undefined });
  const verbs = verbsOf(program).filter(({ words }) => words.length > 0 && words[0] !== 'completion');
  for (const { words, command } of verbs) command.action(() => void ran.push(words.join(' ')));
  // Groups do nothing by themselves, but `replay`.
  return {
    program,
    verbs: verbs.filter(({ command }) => command.commands.length === 0 || command.name() === 'replay'),
  };
}

const TIME = '2026-01-31T00:00:00Z';
/** Words of documented commands in whose place something of a certain form is put. */
const PLACEHOLDERS: Readonly<Record<string, string>> = { T: TIME, TIME };

/**
 * Parses a documented command line, from the word `outboxctl` on; nothing is run.
 * @returns the verb that it is
 * @throws what commander throws: an unknown verb or option, a missing or a wrong value
 */
export async function verbOfLine(words: readonly string[]): Promise<string | undefined> {
  const ran: string[] = [];
  const argv = words.slice(words.indexOf('outboxctl') + 1).map((word) => PLACEHOLDERS[word] ?? word);
  await commandTree(ran).program.parseAsync(argv, { from: 'user' });
  return ran[0];
}
