import { decide } from './decide';
import type { Delivery, InboxMessage, StoredState } from './message';
import type { InOrderStart, Policy } from './policy';

const message = (version: number, more: Partial<InboxMessage> = {}): InboxMessage => ({
  id: `e${version}`,
  type: 'Changed',
  subject: 's',
  version,
  recognition: 'known',
  ...more,
});
const head = (lastVersion: number, lastEventId = `e${lastVersion}`): StoredState => ({
  head: { lastVersion, lastEventId },
});
const delivery = (secondsSinceFirst: number, receives = 1): Delivery => ({
  now: secondsSinceFirst * 1_000,
  firstReceivedAt: 0,
  receives,
});
const inOrder = (start: InOrderStart = 'beginning'): Policy => ({ kind: 'in-order', start, parkBudgetSeconds: 60 });

describe('in-order', () => {
  it.each([
    ['parks 1 s at first', 0, 1, 1],
    ['doubles per delivery', 3, 3, 4],
    ['never parks beyond its budget', 50, 7, 10],
  ])('%s', (_case, seconds, receives, visibilitySeconds) => {
    expect(decide(inOrder(), message(3), head(1), delivery(seconds, receives))).toEqual({
      kind: 'park',
      visibilitySeconds,
    });
  });

  it('caps the back-off at 300 s', () => {
    const policy: Policy = { kind: 'in-order', start: 'beginning', parkBudgetSeconds: 86_400 };
    expect(decide(policy, message(3), head(1), delivery(600, 2_000))).toEqual({ kind: 'park', visibilitySeconds: 300 });
  });

  it('calls it a gap once the budget is used up', () => {
    expect(decide(inOrder('first-seen'), message(3), head(1), delivery(60, 9))).toMatchObject({
      kind: 'dead-letter',
      reason: 'gap',
      detail: 'version 3 of s waited 60 s for version 2',
    });
  });

  it('waits for a late version 1 and takes an unknown subject up only after that, if told to', () => {
    expect(decide(inOrder('first-seen'), message(3), {}, delivery(0))).toMatchObject({ kind: 'park' });
    expect(decide(inOrder('first-seen'), message(3), {}, delivery(60))).toEqual({ kind: 'apply' });
    expect(decide(inOrder('beginning'), message(3), {}, delivery(60))).toMatchObject({ reason: 'gap' });
  });

  it('only advances for an unknown type, in its turn', () => {
    const unknown = { recognition: 'unknown-type' as const };
    expect(decide(inOrder(), message(2, unknown), head(1), delivery(0))).toEqual({ kind: 'advance' });
    expect(decide(inOrder(), message(3, unknown), head(1), delivery(0))).toMatchObject({ kind: 'park' });
  });

  it('tells a copy from another event under a version already passed', () => {
    expect(decide(inOrder(), message(2), head(2), delivery(0))).toEqual({ kind: 'done' });
    expect(decide(inOrder(), message(2), head(2, 'other'), delivery(0))).toMatchObject({ reason: 'version-conflict' });
    const older = { ...head(5), record: { version: 2, eventId: 'other' } };
    expect(decide(inOrder(), message(2), older, delivery(0))).toMatchObject({ reason: 'version-conflict' });
    expect(decide(inOrder(), message(2), head(5), delivery(0))).toEqual({ kind: 'done' });
  });
});

describe('latest', () => {
  const policy: Policy = { kind: 'latest' };
  it.each([
    ['applies a jump ahead', head(1), { kind: 'apply' }],
    ['knows its own copy', head(4), { kind: 'done' }],
    ['skips what is superseded', head(5), { kind: 'skip', reason: 'superseded' }],
  ])('%s', (_case, stored, decision) => {
    expect(decide(policy, message(4), stored, delivery(0))).toEqual(decision);
  });

  it('reports another event under the same version', () => {
    expect(decide(policy, message(4), head(4, 'other'), delivery(0))).toMatchObject({ reason: 'version-conflict' });
  });
});

describe('once', () => {
  it('reports a second event of the type', () => {
    const stored: StoredState = { record: { version: 1, eventId: 'e1' } };
    expect(decide({ kind: 'once' }, message(1), stored, delivery(0))).toEqual({ kind: 'done' });
    expect(decide({ kind: 'once' }, message(2), stored, delivery(0))).toMatchObject({ reason: 'version-conflict' });
  });
});

describe('every policy', () => {
  it.each<[Policy]>([[{ kind: 'once' }], [{ kind: 'latest' }], [inOrder()]])(
    'dead-letters an unknown schema version (%j)',
    (policy) => {
      const unreadable = message(1, { recognition: 'unknown-version' });
      expect(decide(policy, unreadable, {}, delivery(0))).toMatchObject({ reason: 'unknown-version' });
    },
  );

  it.each<[Policy]>([[{ kind: 'once' }], [{ kind: 'latest' }]])('skips an unknown type (%j)', (policy) => {
    const unknown = message(1, { recognition: 'unknown-type' });
    expect(decide(policy, unknown, {}, delivery(0))).toEqual({ kind: 'skip', reason: 'unknown-type' });
  });
});
