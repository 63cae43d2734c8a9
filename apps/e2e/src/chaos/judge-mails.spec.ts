import type { FindingKind } from './finding';
import { judgeMails } from './judge-mails';
import type { OutsideMessage } from './judge-outside';
import type { Row } from './rows';
import { committed, effect } from './testing/rows';

const events = [committed({ version: 1 }), committed({ version: 2 })];
const record = (version: number, more: Row = {}): Row =>
  effect(version, { 'effect.messageId': `m-${version}`, 'effect.message': `news ${version}`, ...more });
const mail = (version: number, more: Partial<OutsideMessage> = {}): OutsideMessage => ({
  messageId: `m-${version}`,
  key: `k-${version}`,
  to: 'c',
  text: `news ${version}`,
  sentAt: `2026-01-01T00:00:0${version}.000Z`,
  ...more,
});
const [records, mails] = [
  [record(1), record(2)],
  [mail(1), mail(2)],
];

describe('judgeMails', () => {
  it('finds nothing where each version was told once, in order', () => {
    expect(judgeMails(events, records, mails)).toEqual([]);
  });

  it.each<[string, FindingKind, readonly Row[], readonly OutsideMessage[]]>([
    ['a version that nobody was told of', 'lost', records, [mail(1)]],
    ['a version without a record', 'lost', [record(1)], [mail(1)]],
    ['a mail that says something else', 'lost', records, [mail(1), mail(2, { text: 'no news' })]],
    ['a mail too many', 'duplicated', records, [...mails, mail(3)]],
    ['mails in the wrong order', 'reordered', records, [mail(1, { sentAt: '2026-01-01T00:00:03.000Z' }), mail(2)]],
  ])('finds %s', (_what, kind, rows, messages) => {
    expect(judgeMails(events, rows, messages)).toEqual([expect.objectContaining({ kind })]);
  });
});
