import { consumerSubject } from '../testing/rows';
import { tellWhatWaitsBehind } from './behind';
import type { Finding, FindingKind } from './finding';
import { remedyOf } from './remedy';
import { isRepairable } from './repair';

const done = (lastVersion: number) => ({ sk: 'INBOX', firstVersion: 1, lastVersion, lastEventId: `e-${lastVersion}` });
const mails = consumerSubject('mails', 'in-order', [done(1)]);
const labels = consumerSubject('labels', 'once', []);

describe('tellWhatWaitsBehind', () => {
  it('leaves the first missing event lost, and tells what waits behind it', () => {
    const told = tell([finding('lost', 2, 'mails'), finding('lost', 3, 'mails'), finding('lost', 3, 'labels')]);
    expect(told.map(({ kind, sequence, consumer, detail }) => [kind, sequence, consumer, detail])).toEqual([
      ['lost', 2, 'mails', 'not done'],
      ['held', 3, 'mails', 'behind event 2, which is lost'],
      ['lost', 3, 'labels', 'not done'],
    ]);
  });

  it.each(['late', 'failed', 'lost'] as const)('tells what waits behind an event whose outbox item is %s', (kind) => {
    const told = tell([finding(kind, 2), finding('lost', 3, 'mails')]);
    expect(told[1]).toMatchObject({ kind: 'held', detail: `behind event 2, which is ${kind}` });
  });

  it('takes for queued what waits behind a queued event', () => {
    expect(tell([finding('queued', 2, 'mails'), finding('lost', 3, 'mails')])[1]).toMatchObject({ kind: 'queued' });
  });

  it('passes over an event that the consumer has done, or does not listen to', () => {
    const before = [finding('late', 1), finding('lost', 2, 'mails')];
    expect(tell(before)).toEqual(before);
    const picky = consumerSubject('mails', 'in-order', [done(1)], ['ParcelMoved']);
    const others = [{ ...finding('failed', 2), type: 'ParcelWeighed' }, finding('lost', 3, 'mails')];
    expect(tellWhatWaitsBehind(others, [picky])).toEqual(others);
  });

  it('has both published again by a repair: what waits may be lost as well', () => {
    expect(tell([finding('lost', 2, 'mails'), finding('lost', 3, 'mails')]).map(isRepairable)).toEqual([true, true]);
    expect(isRepairable(finding('held', 3, 'mails'))).toBe(false);
  });

  it('sends nobody into a dead-letter queue that holds nothing of it', () => {
    const [first, behind] = tell([finding('lost', 2, 'mails'), finding('lost', 3, 'mails')]);
    expect([first, behind].map((one) => one && remedyOf(one))).toEqual([
      'outboxctl reconcile --repair publishes them again',
      'they follow once what they wait for is mended',
    ]);
    expect(remedyOf({ ...finding('held', 3, 'mails'), setAside: true })).toContain('outboxctl dlq redrive mails');
    expect(remedyOf(finding('held', 3, 'mails'))).toBeUndefined();
  });

  it('promises no repair of an event that the outbox has no more', () => {
    const { eventId: _, ...gone } = finding('lost', 2, 'mails');
    expect(remedyOf(gone)).toBe('from the archive: outboxctl replay --from TIME --to TIME --consumer mails');
    const { consumer: __, ...ofTheOutbox } = gone;
    expect(remedyOf(ofTheOutbox)).toBe('nothing is left to publish: docs/runbooks/restore.md');
  });
});

function tell(findings: readonly Finding[]): Finding[] {
  return tellWhatWaitsBehind(findings, [mails, labels]);
}

function finding(kind: FindingKind, sequence: number, consumer?: string): Finding {
  return {
    kind,
    aggregate: 'parcel',
    id: 'p-1',
    sequence,
    eventId: `e-${sequence}`,
    ...(consumer === undefined ? {} : { consumer }),
    detail: 'not done',
  };
}
