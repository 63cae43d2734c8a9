import * as fc from 'fast-check';
import type { Action } from '@outbox/console-api';
import { changesAnything, commandLine, readAction, typed } from './actions';

describe('an action', () => {
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
    [{ action: 'pause', stage: 'pipe' }, 'outboxctl pause pipe'],
  ] satisfies [Action, string][])('%j is a command', (action, command) => {
    expect(typed(commandLine(action))).toBe(command);
    expect(readAction(JSON.parse(JSON.stringify(action)))).toEqual({ action });
  });

  it('makes no option of what a page sends', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        const argv = commandLine({ action: 'redrive', consumer: `--all${text}`, reason: `--json${text}` });
        expect(argv.slice(0, 4)).toEqual(['dlq', 'redrive', `--reason=--json${text}`, '--']);
      }),
    );
  });

  it.each([
    [undefined],
    [{ action: 'purge' }],
    [{ action: 'redrive' }],
    [{ action: 'redrive', consumer: '' }],
    [{ action: 'drop', consumer: 'mails', reason: 'gap' }],
    [{ action: 'sweep', more: 1 }],
    [{ action: 'skip', aggregate: 'a/b', consumer: 'mails', to: 0, reason: 'x' }],
  ])('%j is refused', (body) => {
    expect(readAction(body)).toEqual({ problem: expect.stringMatching(/./) });
  });

  it('changes something unless it only compares', () => {
    expect(changesAnything({ action: 'reconcile' })).toBe(false);
    expect(changesAnything({ action: 'repair' })).toBe(true);
  });
});
