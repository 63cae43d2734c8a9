import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutations } from './mutation-list.ts';
import { mutated } from './mutations.ts';

const root = join(__dirname, '../../../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

describe('the list of mutations', () => {
  it.each(mutations)('fits the sources as they are: $breaks', ({ file, replace, spec }) => {
    const source = read(file);
    expect(mutated(source, file, replace)).not.toBe(source);
    expect(existsSync(join(root, spec))).toBe(true);
  });

  it('is the one in the docs', () => {
    const rows = mutations.map(({ breaks, spec }) => `| ${breaks} | [${spec.split('/').at(-1)}](../${spec}) |`);
    const tidy = read('docs/guarantees.md').replaceAll(/ +/g, ' ');
    expect(rows.filter((row) => !tidy.includes(row))).toEqual([]);
  });
});

describe('a mutation', () => {
  it.each([
    ['nothing', 'f.ts has 0 times: b'],
    ['b and b', 'f.ts has 2 times: b'],
  ])('needs a text that is there once: %s', (text, message) => {
    expect(() => mutated(text, 'f.ts', [['b', 'c']])).toThrow(message);
  });
});
