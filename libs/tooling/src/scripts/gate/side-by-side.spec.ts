import { setImmediate as turn } from 'node:timers/promises';
import { sideBySide } from './side-by-side.ts';

describe('what is done side by side', () => {
  it('returns what each returns', async () => {
    expect(await sideBySide([Promise.resolve(1), Promise.resolve(2)])).toEqual([1, 2]);
  });

  it('fails only when all have ended', async () => {
    let tidiedUp = false;
    const slow = async (): Promise<void> => {
      await turn();
      tidiedUp = true;
    };

    await expect(sideBySide([Promise.reject(new Error('stopped')), slow()])).rejects.toThrow('stopped');
    expect(tidiedUp).toBe(true);
  });
});
