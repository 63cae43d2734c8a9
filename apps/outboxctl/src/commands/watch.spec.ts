import { watching } from './watch';

const throttled = (): Error => Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });

/** Looks until the third look is shown, or something ends it. */
async function looks(watch: number | true | undefined, failures: Readonly<Record<number, readonly Error[]>> = {}) {
  const done: string[] = [];
  const left = Object.fromEntries(Object.entries(failures).map(([look, errors]) => [look, [...errors]]));
  let shown = 0;
  const ended = await watching(
    {
      now: () => 0,
      environment: {},
      print: (text) => void done.push(text),
      progress: (text) => void done.push(`(${text})`),
      clear: () => void done.push('clear'),
      sleep: (ms) => {
        done.push(`${ms} ms`);
        return shown < 2 ? Promise.resolve() : Promise.reject(new Error('interrupted'));
      },
    },
    watch === undefined ? {} : { watch },
    () => {
      const failure = left[shown + 1]?.shift();
      return failure ? Promise.reject(failure) : Promise.resolve(`look ${(shown += 1)}`);
    },
  ).catch((error: Error) => error.message);
  return { done, ended };
}

describe('--watch', () => {
  it('looks once without it', async () => {
    expect((await looks(undefined)).done).toEqual(['look 1']);
  });

  it('looks again and again, each in the place of the one before', async () => {
    expect((await looks(true)).done).toEqual(['clear', 'look 1', '5000 ms', 'clear', 'look 2', '5000 ms']);
    expect((await looks(2)).done).toContain('2000 ms');
  });

  it('goes on after what passes by itself, and says so', async () => {
    const { done, ended } = await looks(true, { 2: [throttled(), throttled()] });
    expect(done.slice(3)).toEqual([
      ...['(Rate exceeded; looking again in 1 s)', '1000 ms', '(Rate exceeded; looking again in 2 s)', '2000 ms'],
      ...['clear', 'look 2', '5000 ms'],
    ]);
    expect(ended).toBe('interrupted');
  });

  it('ends with what does not pass, and when nothing was seen yet', async () => {
    const expired = Object.assign(new Error('expired'), { name: 'ExpiredTokenException' });
    expect(await looks(true, { 2: [expired] })).toMatchObject({
      ended: 'expired',
      done: ['clear', 'look 1', '5000 ms'],
    });
    expect(await looks(true, { 1: [throttled()] })).toEqual({ ended: 'Rate exceeded', done: [] });
  });
});
