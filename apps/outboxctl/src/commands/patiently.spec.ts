import { patiently } from './patiently';

/** Ten seconds of patience with what always fails; returns the waits. */
async function waitsFor(error: Error, until = 10_000): Promise<readonly number[]> {
  let now = 0;
  const waits: number[] = [];
  const context = {
    now: () => now,
    sleep: (ms: number) => Promise.resolve(void ((now += ms), waits.push(ms / 1_000))),
    progress: () => undefined,
    environment: {},
  };
  await expect(patiently(context, () => Promise.reject(error), until)).rejects.toBe(error);
  return waits;
}

describe('patience', () => {
  it('waits for twice as long each time, and not beyond its end', async () => {
    const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
    expect(await waitsFor(refused)).toEqual([1, 2, 4, 3]);
    expect(await waitsFor(refused, 100_000)).toEqual([1, 2, 4, 8, 16, 30, 30, 9]);
  });

  it('has none with what stays', async () => {
    expect(await waitsFor(Object.assign(new Error('x'), { name: 'AccessDeniedException' }))).toEqual([]);
  });
});
