import type { Action } from '@outbox/console-api';
import { changesAnything, readAction } from './actions';

describe('an action', () => {
  it.each([
    { action: 'redrive', consumer: 'mails', reason: 'gap' },
    { action: 'redrive', consumer: 'mails', messages: ['m-1', 'm-2'] },
    { action: 'drop', consumer: 'mails', reason: 'malformed', because: 'test data' },
    { action: 'retry-failed' },
    { action: 'retry-failed', aggregate: 'parcel/p-1', sequence: 3 },
    { action: 'repair', since: '1d' },
    { action: 'skip', aggregate: 'parcel/p-1', consumer: 'mails', to: 4, reason: "it's lost" },
    { action: 'pause', stage: 'pipe' },
  ] satisfies Action[])('%j is read', (action) => {
    expect(readAction(JSON.parse(JSON.stringify(action)))).toEqual({ action });
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
