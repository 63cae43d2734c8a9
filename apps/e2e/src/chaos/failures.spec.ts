import { Failures } from './failures';

describe('Failures', () => {
  it('passes on what was done, and notes what failed as a finding', async () => {
    const told: string[] = [];
    const failures = new Failures((text) => told.push(text));
    expect(await failures.note('judge', () => Promise.resolve(7))).toBe(7);
    expect(await failures.note('client 3', () => Promise.reject(new TypeError('no answer')))).toBeUndefined();
    expect(failures.findings).toEqual([{ kind: 'stuck', subject: 'client 3', detail: 'TypeError: no answer' }]);
    expect(told).toEqual(['client 3: TypeError: no answer']);
  });
});
