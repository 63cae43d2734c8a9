import { eventually } from './eventually';

describe('eventually', () => {
  it('gives the first result that does not throw', async () => {
    let calls = 0;
    const attempt = () => {
      calls += 1;
      if (calls < 3) throw new Error('not yet');
      return calls;
    };
    await expect(eventually(attempt, { intervalMs: 1 })).resolves.toBe(3);
  });

  it('passes on the last failure at the deadline', async () => {
    let calls = 0;
    const attempt = () => Promise.reject(new Error(`attempt ${(calls += 1)}`));
    await expect(eventually(attempt, { timeoutMs: 20, intervalMs: 1 })).rejects.toThrow(/^attempt \d+$/);
    expect(calls).toBeGreaterThan(1);
  });
});
