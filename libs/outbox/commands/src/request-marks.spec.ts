import { CorruptItemError } from '@outbox/function-kit';
import { isSpent, marshalMarks, MAX_SPENT_KEYS, unmarshalMarks, withChange, type RequestMarks } from './request-marks';

const none: RequestMarks = { recentRequests: [], spentKeys: [] };
const keyHash = (n: number) => n.toString(16).padStart(64, '0').split('').reverse().join('');
const after = (changes: number) => {
  let marks = none;
  for (let n = 0; n < changes; n += 1)
    marks = withChange(marks, { keyHash: keyHash(n), bodyHash: 'b', sequence: n + 2 });
  return marks;
};

describe('the marks of requests', () => {
  it('remember 16 requests in full and every older one as spent', () => {
    const marks = after(20);
    expect(marks.recentRequests.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 16 }, (_, n) => n + 6));
    expect(marks.spentKeys).toHaveLength(4);
    expect([isSpent(marks, keyHash(3)), isSpent(marks, keyHash(5))]).toEqual([true, false]);
  });

  it('fit a head, however many requests there were: the oldest keys are forgotten', () => {
    const spentKeys = Array.from({ length: MAX_SPENT_KEYS }, (_, n) => keyHash(n).slice(0, 12));
    const marks = withChange({ ...after(16), spentKeys }, { keyHash: 'f'.repeat(64), bodyHash: 'b', sequence: 99 });
    expect(marks.spentKeys).toHaveLength(MAX_SPENT_KEYS);
    expect([marks.spentKeys[0], marks.spentKeys.at(-1)]).toEqual([spentKeys[1], keyHash(0).slice(0, 12)]);
    expect(Buffer.byteLength(JSON.stringify(marshalMarks(marks)))).toBeLessThan(200_000);
  });

  it('are read back as they were written; a head without marks has none', () => {
    const createdBy = { keyHash: keyHash(1), bodyHash: 'b', sequence: 3 };
    const marks = { ...after(20), createdBy };
    expect(unmarshalMarks(marshalMarks(marks))).toEqual(marks);
    expect(unmarshalMarks({ lastSequence: { N: '1' } })).toEqual(none);
  });

  it('that make no sense are named', () => {
    const item = { pk: { S: 'parcel#1' }, sk: { S: 'HEAD' }, createdBy: { M: {} } };
    expect(() => unmarshalMarks(item)).toThrow(new CorruptItemError('outbox', 'parcel#1 HEAD', 'createdBy.keyHash'));
  });
});
