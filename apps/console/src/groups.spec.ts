import { groupLetters, patternOf } from './groups';

const letter = (consumer: string, reason: string, detail: string, messageId: string) => ({
  consumer,
  reason,
  detail,
  messageId,
  body: '',
});

describe('dead letters by reason', () => {
  it('are together when only ids and numbers differ', () => {
    const groups = groupLetters([
      letter('mails', 'gap', 'waited 60 s for event 2', 'a'),
      letter('mails', 'gap', 'waited 61 s for event 7', 'b'),
      letter('mails', 'rejected', 'no address', 'c'),
      letter('labels', 'gap', 'waited 60 s for event 2', 'd'),
    ]);
    expect(groups.map(({ consumer, reason, pattern, letters }) => [consumer, reason, pattern, letters.length])).toEqual(
      [
        ['mails', 'gap', 'waited … s for event …', 2],
        ['labels', 'gap', 'waited … s for event …', 1],
        ['mails', 'rejected', 'no address', 1],
      ],
    );
  });

  it('know whether their reason has no other group', () => {
    const letters = [letter('mails', 'rejected', 'no address', 'a'), letter('mails', 'rejected', 'no name', 'b')];
    expect(groupLetters(letters).map(({ isWholeReason }) => isWholeReason)).toEqual([false, false]);
    expect(groupLetters(letters.slice(1)).map(({ isWholeReason }) => isWholeReason)).toEqual([true]);
  });

  it('show neither ids nor numbers', () => {
    expect(patternOf('parcel 01a22bc5-4327-70d7-89d2-e6ba77e2b303: HTTP 503 at 12:30:01')).toBe(
      'parcel …: HTTP … at …',
    );
  });
});
