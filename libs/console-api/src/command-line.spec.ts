import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import type { Action } from './actions';
import { argumentsOf, commandLine } from './command-line';

describe('the command of an action', () => {
  it.each([
    [{ action: 'redrive', consumer: 'mails', reason: 'gap' }, 'outboxctl dlq redrive --reason=gap mails'],
    [
      { action: 'redrive', consumer: 'mails', messages: ['m-1', 'm-2'] },
      'outboxctl dlq redrive --message=m-1 --message=m-2 mails',
    ],
    [
      { action: 'drop', consumer: 'mails', reason: 'malformed', because: 'test data' },
      "outboxctl dlq drop --reason=malformed '--reason-text=test data' mails",
    ],
    [{ action: 'retry-failed' }, 'outboxctl failed retry --all'],
    [
      { action: 'retry-failed', aggregate: 'parcel/p-1', sequence: 3 },
      'outboxctl failed retry --sequence=3 parcel/p-1',
    ],
    [{ action: 'repair', since: '1d' }, 'outboxctl reconcile --repair --limit=20 --since=1d'],
    [
      { action: 'skip', aggregate: 'parcel/p-1', consumer: 'mails', to: 4, reason: "it's lost" },
      "outboxctl skip --consumer=mails --to=4 '--reason=it'\\''s lost' parcel/p-1",
    ],
    [
      { action: 'drop', consumer: 'mails', reason: 'gap', because: 'two\nlines' },
      "outboxctl dlq drop --reason=gap $'--reason-text=two\\nlines' mails",
    ],
    [{ action: 'pause', stage: 'pipe' }, 'outboxctl pause pipe'],
    [{ action: 'pause', stage: '--all' }, 'outboxctl pause -- --all'],
  ] satisfies [Action, string][])('%j', (action, command) => {
    expect(commandLine(action)).toBe(command);
  });

  it('makes no option of what a page sends', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        const argv = argumentsOf({ action: 'redrive', consumer: `--all${text}`, reason: `--json${text}` });
        expect(argv.slice(0, 4)).toEqual(['dlq', 'redrive', `--reason=--json${text}`, '--']);
      }),
    );
  });

  it('is taken to the letter by a shell, whatever it holds', () => {
    const hostile = [
      '$(id)',
      '`id`',
      "it's",
      '"',
      '\\',
      '!!',
      ';id',
      '| id',
      'a\nid',
      '\r',
      '\u001b[2J',
      '\u009b',
      '~',
      '*',
    ];
    const anything = fc.sample(fc.string({ unit: 'binary-ascii', minLength: 1 }), { numRuns: 300, seed: 18 });
    // No argument of a process can hold a NUL.
    const texts = [...hostile, ...anything].filter((text) => !text.includes('\0'));
    const actions = texts.map((text): Action => ({ action: 'drop', consumer: text, reason: text, because: text }));
    const script = actions.map((action) => `${commandLine(action)}\n`).join('');
    const printed = execFileSync('bash', ['--norc', '-c', `outboxctl() { printf '%s\\0' "$@"; }\n${script}`], {
      encoding: 'utf8',
      env: { LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const words = printed.split('\0').slice(0, -1);
    const expected = actions.flatMap((action) => {
      const all = argumentsOf(action);
      return all.filter((word, index) => word !== '--' || all[index + 1]?.startsWith('-'));
    });
    expect(words).toEqual(expected);
    // A terminal acts on these while they are pasted.
    expect(script.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(script.split('\n')).toHaveLength(actions.length + 1);
  });
});
