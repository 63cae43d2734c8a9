import { shellWordsOf } from '@outbox/testing';
import { LINE_WIDTH } from '@outbox/cli-kit';
import { VERB_EXAMPLES } from './examples';
import { commandTree, verbOfLine } from './testing/command-tree';
import { runVerb } from './testing/run-verb';
import { stackOf } from './testing/stack';

describe('the help of outboxctl', () => {
  it('has examples for each verb, and for no other', () => {
    const names = commandTree().verbs.map((verb) => verb.words.join(' '));
    expect(Object.keys(VERB_EXAMPLES).sort()).toEqual(names.sort());
  });

  it.each(Object.entries(VERB_EXAMPLES))('shows examples of %s that it can parse', async (verb, lines) => {
    const { out } = await runVerb({ stack: () => Promise.resolve(stackOf()) }, [...verb.split(' '), '--help']);
    for (const line of lines) {
      expect(out).toContain(`  ${line}\n`.trimEnd());
      expect(await verbOfLine(shellWordsOf(line))).toBe(verb);
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
