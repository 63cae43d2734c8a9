import { planFaults, wantedFaults } from './fault-plan';

describe('planFaults', () => {
  it('disturbs in every run, more often in a long one, and moves the clock by less than a week', () => {
    const of = (orders: number, kind: string): number =>
      planFaults(orders, wantedFaults('all')).disturbances.filter((one) => one === kind).length;
    for (const kind of ['pipe-stopped', 'rule-missing', 'engine-killed', 'stream-trimmed', 'partners-faulty'])
      expect(of(10, kind)).toBe(1);
    for (const kind of ['pipe-stopped', 'rule-missing', 'engine-killed', 'partners-faulty']) {
      expect(of(10_000, kind)).toBeGreaterThanOrEqual(50);
    }
    expect(of(1_000_000, 'stream-trimmed')).toBeLessThan(6);
  });

  it('plans what is wanted and nothing else', () => {
    expect(planFaults(100, wantedFaults('none'))).toEqual({ rates: {}, disturbances: [] });
    const { rates, disturbances } = planFaults(100, wantedFaults('throttle, engine-killed'));
    expect([Object.keys(rates), disturbances]).toEqual([['throttle'], ['engine-killed']]);
    expect(() => wantedFaults('flood')).toThrow('FAULTS: flood is not known');
  });
});
