import { decide } from './decide';
import type { Delivery, InboxMessage, Publication, StoredState } from './message';
import { MAX_HOLD_RECEIVES } from './parking';
import type { InOrderStart, Policy } from './policy';
import { DEFAULT_MAX_ATTEMPTS, retrySeconds } from './retrying';

const message = (version: number, more: Partial<InboxMessage> = {}): InboxMessage => ({
  id: `e${version}`,
  type: 'Changed',
  subject: 's',
  version,
  recognition: 'known',
  ...more,
});
const head = (lastVersion: number, { lastEventId = `e${lastVersion}`, firstVersion = 1 } = {}): StoredState => ({
  head: { firstVersion, lastVersion, lastEventId },
});
const delivery = (secondsSinceFirst: number, receives = 1): Delivery => ({
  now: secondsSinceFirst * 1_000,
  firstReceivedAt: 0,
  receives,
  messageId: 'm',
});
const inOrder = (start: InOrderStart = 'beginning', parkBudgetSeconds = 60): Policy => ({
  kind: 'in-order',
  start,
  parkBudgetSeconds,
});
const told = (stored: StoredState, version: number, publication: Publication, missedSince = 0): StoredState => ({
  ...stored,
  awaited: { version, publication, missedSince },
});

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
    const missed = told(head(1), 2, { kind: 'absent' }, 300_000);
    expect(decide(policy, message(3), missed, delivery(600, 2_000))).toEqual({ kind: 'park', visibilitySeconds: 300 });
  });

  it('calls it a gap once the budget is used up', () => {
    const missed = told(head(1), 2, { kind: 'absent' });
    expect(decide(inOrder('first-seen'), message(3), missed, delivery(60, 9))).toMatchObject({
      kind: 'dead-letter',
      reason: 'gap',
      detail: 'version 3 of s waited 60 s for version 2',
    });
  });

  it('waits for a late version 1 and takes an unknown subject up only after that, if told to', () => {
    expect(decide(inOrder('first-seen'), message(3), {}, delivery(0))).toMatchObject({ kind: 'park' });
    const gone = (version: number) => told({}, version, { kind: 'absent' });
    expect(decide(inOrder('first-seen'), message(3), gone(2), delivery(60))).toEqual({ kind: 'apply' });
    expect(decide(inOrder('beginning'), message(3), gone(1), delivery(60))).toMatchObject({ reason: 'gap' });
  });

  it('sets aside as late what comes after the subject was taken up at a later version', () => {
    const taken = head(4, { firstVersion: 3 });
    expect(decide(inOrder('first-seen'), message(2), taken, delivery(0))).toMatchObject({
      kind: 'dead-letter',
      reason: 'late',
      detail: 'version 2 of s came after the consumer had begun with version 3',
    });
    expect(decide(inOrder('first-seen'), message(3), taken, delivery(0))).toEqual({ kind: 'done' });
  });

  it('holds what comes after an event in trouble for three days, in fewer receives than a queue gives up after', () => {
    const pending = { eventId: 'e2', type: 'Changed', version: 2, attempts: 20, firstAttemptAt: 0, token: 't' };
    const stored: StoredState = { ...head(1), pending: { ...pending, status: 'dead-lettered' } };
    let seconds = 0;
    let receives = 1;
    for (; ; receives += 1) {
      const decision = decide(inOrder(), message(3), stored, delivery(seconds, receives));
      if (decision.kind !== 'park') {
        expect(decision).toMatchObject({ kind: 'dead-letter', reason: 'held' });
        break;
      }
      seconds += decision.visibilitySeconds;
    }
    expect([seconds, receives < MAX_HOLD_RECEIVES]).toEqual([3 * 86_400, true]);
  });

  it('waits for seconds behind a call under way, however often it was received', () => {
    const pending = { eventId: 'e2', type: 'Changed', version: 2, attempts: 1, firstAttemptAt: 59_000, token: 't' };
    const claimed: StoredState = { ...head(1), pending: { ...pending, status: 'claimed', leaseUntil: 95_000 } };
    expect(decide(inOrder(), message(3), claimed, delivery(60, 13))).toEqual({ kind: 'park', visibilitySeconds: 5 });
    const retrying: StoredState = { ...head(1), pending: { ...pending, firstAttemptAt: 0, status: 'retrying' } };
    expect(decide(inOrder(), message(3), retrying, delivery(60, 13))).toEqual({ kind: 'park', visibilitySeconds: 15 });
  });

  it('only advances for an unwanted type, in its turn', () => {
    const unknown = { recognition: 'unknown-type' as const };
    expect(decide(inOrder(), message(2, unknown), head(1), delivery(0))).toEqual({ kind: 'advance' });
    expect(decide(inOrder(), message(3, unknown), head(1), delivery(0))).toMatchObject({ kind: 'park' });
  });

  it('tells a copy from another event under a version already passed', () => {
    expect(decide(inOrder(), message(2), head(2), delivery(0))).toEqual({ kind: 'done' });
    expect(decide(inOrder(), message(2), head(2, { lastEventId: 'other' }), delivery(0))).toMatchObject({
      reason: 'version-conflict',
    });
    const older = { ...head(5), record: { version: 2, eventId: 'other' } };
    expect(decide(inOrder(), message(2), older, delivery(0))).toMatchObject({ reason: 'version-conflict' });
    expect(decide(inOrder(), message(2), head(5), delivery(0))).toEqual({ kind: 'done' });
  });
});

describe('in-order, when the predecessor does not come', () => {
  it('counts the budget from when it asked for the first time: a consumer that could not work has missed nothing', () => {
    const hours = 5 * 3_600;
    expect(decide(inOrder('beginning', 3_600), message(3), head(1), delivery(hours, 90))).toEqual({
      kind: 'ask',
      version: 2,
    });
    const missed = told(head(1), 2, { kind: 'published', at: 0 }, hours * 1_000);
    const decideAt = (seconds: number) =>
      decide(inOrder('beginning', 3_600), message(3), missed, delivery(hours + seconds, 99));
    expect(decideAt(0)).toEqual({ kind: 'park', visibilitySeconds: 300 });
    expect(decideAt(3_599)).toEqual({ kind: 'park', visibilitySeconds: 1 });
    expect(decideAt(3_600)).toMatchObject({ kind: 'dead-letter', reason: 'gap' });
  });

  it('asks for what is missing after some minutes, or the budget if that is shorter', () => {
    const long = inOrder('beginning', 3_600);
    expect(decide(long, message(4), head(1), delivery(299, 9))).toEqual({ kind: 'park', visibilitySeconds: 256 });
    expect(decide(long, message(4), head(1), delivery(300, 20))).toEqual({ kind: 'ask', version: 2 });
    expect(decide(inOrder(), message(4), head(1), delivery(59))).toMatchObject({ kind: 'park' });
    expect(decide(inOrder(), message(4), head(1), delivery(60))).toEqual({ kind: 'ask', version: 2 });
    const moved = told(head(2), 2, { kind: 'absent' });
    expect(decide(inOrder(), message(4), moved, delivery(60))).toEqual({ kind: 'ask', version: 3 });
  });

  it('asks for the one just before, when it may start anywhere', () => {
    expect(decide(inOrder('first-seen'), message(4), {}, delivery(60))).toEqual({ kind: 'ask', version: 3 });
    const late = told({}, 3, { kind: 'waiting' });
    expect(decide(inOrder('first-seen'), message(4), late, delivery(60))).toMatchObject({ kind: 'park' });
    const gone = told({}, 3, { kind: 'absent' });
    expect(decide(inOrder('first-seen'), message(4), gone, delivery(60))).toEqual({ kind: 'apply' });
  });

  it('counts the budget from when the missing one was published', () => {
    const published = told(head(1), 2, { kind: 'published', at: 100_000 });
    expect(decide(inOrder(), message(3), published, delivery(159, 20))).toEqual({ kind: 'park', visibilitySeconds: 1 });
    expect(decide(inOrder(), message(3), published, delivery(160, 20))).toMatchObject({ reason: 'gap' });
    const long = told(head(1), 2, { kind: 'published', at: -1_000_000 });
    expect(decide(inOrder(), message(3), long, delivery(60))).toMatchObject({ kind: 'dead-letter', reason: 'gap' });
  });

  it('counts the budget anew from when the consumer last moved on', () => {
    const published = told(head(1), 2, { kind: 'published', at: 0 });
    const stored = { ...published, head: { firstVersion: 1, lastVersion: 1, lastEventId: 'e-1', movedAt: 7_200_000 } };
    expect(decide(inOrder(), message(4), stored, delivery(7_259, 20))).toEqual({ kind: 'park', visibilitySeconds: 1 });
    expect(decide(inOrder(), message(4), stored, delivery(7_260, 20))).toMatchObject({ reason: 'gap' });
  });

  it('takes the versions of a burst one after the other within seconds, however long the first one took', () => {
    // Everything but version 1 was received at once; that one is done after a minute.
    const waiting = Array.from({ length: 19 }, (_, index) => ({ version: index + 2, at: 0, receives: 1 }));
    let [last, movedAt] = [0, 0];
    for (let now = 0; waiting.length > 0; now += 100) {
      if (now === 65_000) [last, movedAt] = [1, now];
      // Newest first, so that none finds its predecessor done in the same instant.
      for (const one of waiting.filter(({ at }) => at <= now).reverse()) {
        const stored = last === 0 ? {} : { head: { firstVersion: 1, lastVersion: last, lastEventId: 'e', movedAt } };
        const at = { ...delivery(now / 1_000, one.receives) };
        const decision = decide(inOrder('beginning', 3_600), message(one.version), stored, at);
        one.receives += 1;
        if (decision.kind === 'apply') {
          waiting.splice(waiting.indexOf(one), 1);
          [last, movedAt] = [one.version, now];
        } else if (decision.kind === 'park') one.at = now + decision.visibilitySeconds * 1_000;
        else throw new Error(`it is ${decision.kind}`);
      }
      expect(now).toBeLessThan(65_000 + 64_000 + 19 * 5_000);
    }
    expect(last).toBe(20);
  });

  it('looks again soon at what was held for a day, once its subject moves on', () => {
    const day = 86_400;
    const moved = { head: { firstVersion: 1, lastVersion: 1, lastEventId: 'e1', movedAt: (day - 60) * 1_000 } };
    expect(decide(inOrder(), message(3), moved, delivery(day, 60))).toMatchObject({ kind: 'ask' });
    const asked = told(moved, 2, { kind: 'published', at: 0 }, day * 1_000);
    expect(decide(inOrder(), message(3), asked, delivery(day, 60))).toEqual({ kind: 'park', visibilitySeconds: 5 });
  });

  it('looks again soon while the consumer moves on, and not so often that the queue gives up', () => {
    // The worst case: of all that look at the same time, only the next one in turn sees its predecessor done.
    let [now, receives] = [0, 1];
    for (let movedAt = 0, version = 1; version < 20; version += 1) {
      const stored = { head: { firstVersion: 1, lastVersion: version, lastEventId: 'e', movedAt } };
      const decision = decide(inOrder(), message(30), stored, delivery(now / 1_000, receives));
      if (decision.kind !== 'park') throw new Error(`it is ${decision.kind}`);
      now += decision.visibilitySeconds * 1_000;
      movedAt = now - 10;
      receives += 1;
    }
    expect(now).toBeLessThan(60_000);

    const threeDays = 3 * 86_400_000;
    for (receives = 1, now = 0; now < threeDays; receives += 1) {
      const stored = { head: { firstVersion: 1, lastVersion: receives, lastEventId: 'e', movedAt: now - 10 } };
      const decision = decide(inOrder('beginning', 3_600), message(9_999), stored, delivery(now / 1_000, receives));
      if (decision.kind !== 'park') throw new Error(`it is ${decision.kind}`);
      now += decision.visibilitySeconds * 1_000;
    }
    expect(receives).toBeLessThan(MAX_HOLD_RECEIVES);
  });

  it('calls it a gap when the outbox knows nothing of the missing one', () => {
    const gone = told(head(1), 2, { kind: 'absent' });
    expect(decide(inOrder(), message(3), gone, delivery(60))).toMatchObject({ kind: 'dead-letter', reason: 'gap' });
  });

  it.each([60, 3_600, 86_400])('waits three days for what isn’t published, in few receives, after %d s', (budget) => {
    const stored = told(head(1), 2, { kind: 'waiting' });
    let [seconds, receives, held] = [0, 1, 0];
    for (; ; receives += 1) {
      const decision = decide(inOrder('beginning', budget), message(3), stored, delivery(seconds, receives));
      if (decision.kind !== 'park') {
        expect(decision).toMatchObject({
          reason: 'held',
          detail: 'version 3 of s waited 259200 s while version 2 was not published',
        });
        break;
      }
      if (seconds >= budget) held += 1;
      // An hour's outage costs no more than some minutes.
      expect(decision.visibilitySeconds).toBeLessThanOrEqual(Math.max(300, seconds / 8));
      seconds += decision.visibilitySeconds;
    }
    expect([seconds, held <= MAX_HOLD_RECEIVES]).toEqual([3 * 86_400, true]);
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
    expect(decide(policy, message(4), head(4, { lastEventId: 'other' }), delivery(0))).toMatchObject({
      reason: 'version-conflict',
    });
  });
});

describe('once', () => {
  it('takes each event of a subject once, whatever its type and place', () => {
    const stored: StoredState = { record: { version: 1, eventId: 'e1' } };
    expect(decide({ kind: 'once' }, message(1), stored, delivery(0))).toEqual({ kind: 'done' });
    expect(decide({ kind: 'once' }, message(2), {}, delivery(0))).toEqual({ kind: 'apply' });
  });

  it('reports another event under the same version', () => {
    const stored: StoredState = { record: { version: 1, eventId: 'other' } };
    expect(decide({ kind: 'once' }, message(1), stored, delivery(0))).toMatchObject({ reason: 'version-conflict' });
  });
});

describe('every policy', () => {
  const policies: [Policy][] = [[{ kind: 'once' }], [{ kind: 'latest' }], [inOrder()]];

  it.each(policies)('has an unknown version of a wanted type tried again (%j)', (policy) => {
    const unreadable = message(1, { recognition: 'unknown-version' });
    expect(decide(policy, unreadable, {}, delivery(0))).toMatchObject({
      kind: 'unreadable',
      reason: 'unknown-version',
    });
  });

  it.each(policies)(
    'has copies of what it can’t read wait for the next attempt, until it can read them (%j)',
    (policy) => {
      const tried = { eventId: 'e1', type: 'Changed', version: 1, attempts: 1, firstAttemptAt: 0, token: 't' };
      const stored: StoredState = { pending: { ...tried, status: 'retrying', retryAt: 60_000 } };
      const unreadable = message(1, { recognition: 'unknown-version' });
      expect(decide(policy, unreadable, stored, delivery(20))).toEqual({ kind: 'wait', visibilitySeconds: 40 });
      expect(decide(policy, unreadable, stored, delivery(60))).toMatchObject({ kind: 'unreadable' });
      expect(decide(policy, message(1), stored, delivery(20))).toEqual({ kind: 'apply' });
    },
  );

  it.each(policies)('knows a copy of what was applied, whatever this version of the code can read (%j)', (policy) => {
    const stored: StoredState = { ...head(1), record: { version: 1, eventId: 'e1' } };
    for (const recognition of ['known', 'unknown-type', 'unknown-version'] as const) {
      expect(decide(policy, message(1, { recognition }), stored, delivery(0))).toEqual({ kind: 'done' });
    }
  });

  it.each<[Policy]>([[{ kind: 'latest' }], [inOrder()]])(
    'leaves aside what lies before the version that an operator had it begin with, and no more (%j)',
    (policy) => {
      const joined = { head: { firstVersion: 4, lastVersion: 3, lastEventId: 'e3', joinedAt: 'then' } };
      for (const version of [1, 2, 3]) {
        const other = message(version, { id: 'other', recognition: 'malformed' });
        expect(decide(policy, other, joined, delivery(0))).toEqual({ kind: 'skip', reason: 'before-start' });
      }
      expect(decide(policy, message(4), joined, delivery(0))).toEqual({ kind: 'apply' });
    },
  );

  it.each<[Policy]>([[{ kind: 'once' }], [{ kind: 'latest' }]])('skips an unwanted type (%j)', (policy) => {
    const unwanted = message(1, { recognition: 'unknown-type' });
    expect(decide(policy, unwanted, {}, delivery(0))).toEqual({ kind: 'skip', reason: 'unknown-type' });
  });
});

describe('retrySeconds', () => {
  it('tries again within seconds, and gives up after four hours at the earliest', () => {
    expect([retrySeconds(1, 0), retrySeconds(2, 0), retrySeconds(19, 0)]).toEqual([2, 4, 1_800]);
    const waits = Array.from({ length: DEFAULT_MAX_ATTEMPTS - 1 }, (_, index) => retrySeconds(index + 1, 0.999));
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(4 * 3_600);
  });
});
