import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sectionsOf, shellCommandsOf, shellWordsOf } from '@outbox/testing';
import { commandTree, verbOfLine } from './testing/command-tree';

const root = join(__dirname, '..', '..', '..');
const read = (page: string): string => readFileSync(join(root, page), 'utf8');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

const names = commandTree().verbs.map(({ words }) => words.join(' '));

/** Command lines of outboxctl in a page: those of its `sh` blocks, and those in a sentence that are more than a verb. */
function linesOf(page: string): readonly string[] {
  const text = read(page);
  const inSentences = [...text.matchAll(/(?<!`)`((?:npx --no-install )?outboxctl [a-z][^`\n]*)`/g)]
    .map(([, line = '']) => line)
    .filter((line) => !names.includes(line.replace(/^.*?outboxctl /, '')));
  return [...shellCommandsOf(text), ...inSentences].filter((line) => /^(npx --no-install )?outboxctl /.test(line));
}

describe('commands that the documentation shows', () => {
  it.each(pages.filter((page) => linesOf(page).length > 0))('are commands of outboxctl: %s', async (page) => {
    const wrong: string[] = [];
    for (const line of linesOf(page)) {
      await verbOfLine(shellWordsOf(line)).catch((error: Error) => wrong.push(`${line}: ${error.message}`));
    }
    expect(wrong).toEqual([]);
  });

  it('are in every section of the runbook of alarms', () => {
    const without = sectionsOf(read('docs/runbooks/alarms.md')).filter(
      ({ text }) => shellCommandsOf(text.split('**Do**')[0] ?? '').length === 0,
    );
    expect(without.map(({ title }) => title)).toEqual([]);
  });

  it('call AWS by names that a shell can take', () => {
    const commands = shellCommandsOf(read('docs/runbooks/alarms.md'));
    const placeholders = commands.flatMap((command) => command.match(/<[^>]+>/g) ?? []);
    expect(new Set(placeholders)).toEqual(new Set(['<prefix>']));
    const others = commands.filter((command) => !/^(npx --no-install outboxctl|aws [a-z]+ [a-z-]+) /.test(command));
    expect(others).toEqual([]);
  });
});
