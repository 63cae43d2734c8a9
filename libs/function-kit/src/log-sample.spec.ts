import * as fc from 'fast-check';
import { isSampled } from './log-sample';

describe('the sample of log lines', () => {
  it.each([0.1, 0.5, 0.9])('is %d of the traces, whether their ids are drawn or counted', (rate) => {
    const share = (id: (n: number) => string): number => {
      const ids = Array.from({ length: 20_000 }, (_, n) => id(n));
      return ids.filter((traceId) => isSampled({ traceId }, rate)).length / ids.length;
    };
    expect(share((n) => `request-${n}`)).toBeCloseTo(rate, 1);
    expect(share((n) => n.toString(16).padStart(32, '0'))).toBeCloseTo(rate, 1);
    expect(share((n) => `0af7651916cd43dd${(BigInt(n) * 0x9e3779b97f4a7c15n).toString(16).slice(-16)}`)).toBeCloseTo(
      rate,
      1,
    );
  });

  it('keeps what a smaller one keeps, and is the same for every line of a trace', () => {
    const rates = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(fc.uuid(), rates, fc.uuid(), (traceId, [one, other], subject) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        const isIn = (rate: number) => isSampled({ traceId, subject, correlationId: subject }, rate);
        expect(isIn(low)).toBe(isSampled({ traceId }, low));
        expect(isIn(low) && !isIn(high)).toBe(false);
      }),
    );
  });

  it('is of requests where there is no trace, of aggregates where there is no request', () => {
    const kept = (fields: Readonly<Record<string, unknown>>) => [isSampled(fields, 0), isSampled(fields, 1)];
    expect(kept({ correlationId: 'a' })).toEqual([false, true]);
    expect(kept({ subject: 'a' })).toEqual([false, true]);
    expect(kept({ swept: 3 })).toEqual([true, true]);
  });
});
