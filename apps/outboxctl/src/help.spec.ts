import { createTree, LINE_WIDTH, styleFor, verbsOf } from '@outbox/cli-kit';
import type { CliContext } from './commands/context';
import { VERB_EXAMPLES } from './examples';
import { OUTBOXCTL } from './program';
import { runVerb } from './testing/run-verb';
import { stackOf } from './testing/stack';

/** The commands of outboxctl, which do nothing but note which ran. */
function tree(ran: string[] = []) {
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

describe('the help of outboxctl', () => {
  it('has examples for each verb, and for no other', () => {
    const names = tree().verbs.map((verb) => verb.words.join(' '));
    expect(Object.keys(VERB_EXAMPLES).sort()).toEqual(names.sort());
  });

  it.each(Object.entries(VERB_EXAMPLES))('shows examples of %s that it can parse', async (verb, lines) => {
    const { out } = await runVerb({ stack: () => Promise.resolve(stackOf()) }, [...verb.split(' '), '--help']);
    for (const line of lines) {
      expect(out).toContain(`  ${line}\n`.trimEnd());
      const ran: string[] = [];
      const argv = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
      await tree(ran).program.parseAsync(argv.slice(1), { from: 'user' });
      expect(ran).toEqual([verb]);
    }
  });

  it.each(['', ...Object.keys(VERB_EXAMPLES)])('fits 80 columns: %s', async (verb) => {
    const argv = [...verb.split(' ').filter((word) => word !== ''), '--help'];
    const { out } = await runVerb({ stack: () => Promise.resolve(stackOf()) }, argv);
    expect(out.split('\n').filter(({ length }) => length > LINE_WIDTH)).toEqual([]);
  });
});

describe('outboxctl completion', () => {
  it.each(['bash', 'zsh', 'fish'])('needs no stack, and knows the verbs in %s', async (shell) => {
    const { exitCode, out } = await runVerb({ stack: () => Promise.reject(new Error('no stack')) }, [
      'completion',
      shell,
    ]);
    expect(exitCode).toBe(0);
    expect(out).toContain('redrive');
  });

  it('names the shells that it knows', async () => {
    const run = await runVerb({ stack: () => Promise.reject(new Error('no stack')) }, ['completion', 'tcsh']);
    expect(run).toMatchObject({ exitCode: 2, err: expect.stringContaining('bash, zsh, fish') });
  });
});
