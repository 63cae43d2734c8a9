import { readEnv } from './env';

describe('readEnv', () => {
  const env = readEnv({
    NAME: 'books',
    COUNT: '7',
    FLAG: 'true',
    POLICY: 'once',
    AT: 'https://x/y',
    EMPTY: '',
    BAD: '1e3',
  });

  it('reads each kind', () => {
    expect([
      env.string('NAME'),
      env.int('COUNT'),
      env.boolean('FLAG'),
      env.oneOf('POLICY', ['once', 'latest']),
      env.url('AT'),
    ]).toEqual(['books', 7, true, 'once', 'https://x/y']);
  });

  it.each([
    ['a missing variable', () => env.string('ABSENT'), 'environment variable ABSENT is not set'],
    ['an empty one', () => env.string('EMPTY'), 'environment variable EMPTY is not set'],
    ['a number in another notation', () => env.int('BAD'), 'environment variable BAD must be a whole number'],
    ['a number out of range', () => env.int('COUNT', { max: 5 }), 'environment variable COUNT must be a whole number'],
    ['a word that is no boolean', () => env.boolean('NAME'), 'environment variable NAME must be one of true, false'],
    ['what is no address', () => env.url('NAME'), 'environment variable NAME must be an address with http'],
    ['a word not on the list', () => env.oneOf('POLICY', ['latest']), 'environment variable POLICY must be one of'],
  ])('names the variable for %s', (_case, read, message) => {
    expect(read).toThrow(message);
  });
});
