import { watching } from './watch';

/** Looks until the third wait. */
async function looks(watch: number | true | undefined) {
  const done: string[] = [];
  let looked = 0;
  await watching(
    {
      print: (text) => void done.push(text),
      clear: () => void done.push('clear'),
      sleep: (ms) => {
        done.push(`${ms} ms`);
        return looked < 2 ? Promise.resolve() : Promise.reject(new Error('interrupted'));
      },
    },
    watch === undefined ? {} : { watch },
    () => Promise.resolve(`look ${(looked += 1)}`),
  ).catch(() => undefined);
  return done;
}

describe('--watch', () => {
  it('looks once without it', async () => {
    expect(await looks(undefined)).toEqual(['look 1']);
  });

  it('looks again and again, each in the place of the one before', async () => {
    expect(await looks(true)).toEqual(['clear', 'look 1', '5000 ms', 'clear', 'look 2', '5000 ms']);
    expect(await looks(2)).toContain('2000 ms');
  });
});
