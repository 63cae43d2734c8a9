import { createIds, formatUuid, uuidV7 } from './ids';

describe('uuidV7', () => {
  it('lays out time, version and variant as RFC 9562 appendix A.6 shows', () => {
    const random = Buffer.from('0000000000000cc318c4dc0c0c07398f', 'hex');
    expect(uuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('refuses too few random bytes', () => {
    expect(() => uuidV7(0, new Uint8Array(15))).toThrow(RangeError);
  });
});

describe('createIds', () => {
  it('sorts by creation time and never repeats', () => {
    let now = 1_700_000_000_000;
    const ids = createIds({ now: () => (now += 1) });
    const made = Array.from({ length: 100 }, () => ids.next());
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(100);
  });
});

describe('formatUuid', () => {
  it('stamps version 8 on a hash', () => {
    expect(formatUuid(new Uint8Array(16).fill(0xff), 8)).toBe('ffffffff-ffff-8fff-bfff-ffffffffffff');
  });
});
