import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { isSource, watchFiles } from './changed-files.ts';

describe('isSource', () => {
  it.each(['handler.ts', 'src/contract.json', 'main.tf', 'local.tfvars'])('is %s', (name) => {
    expect(isSource(name)).toBe(true);
  });

  it.each([
    'handler.spec.ts',
    'handler.ts~',
    '.handler.ts.swp',
    'src/.#handler.ts',
    'README.md',
    'node_modules/x/index.js',
  ])('is not %s', (name) => {
    expect(isSource(name)).toBe(false);
  });
});

describe('watchFiles', () => {
  let root: string;
  let stop: () => Promise<void>;
  let seen: string[][] = [];
  let told: () => void = () => undefined;
  const path = (name: string): string => join(root, name);

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'outbox-watch-')));
    mkdirSync(path('src/deep'), { recursive: true });
    writeFileSync(path('src/deep/a.ts'), '0');
    seen = [];
    stop = watchFiles([path('src')], (files) => {
      seen.push(files.map((file) => relative(root, file)));
      told();
      return Promise.resolve();
    });
  });
  afterEach(async () => {
    await stop();
    rmSync(root, { recursive: true });
  });

  /** What is seen first of what `work` does. */
  const seenOf = async (work: () => void): Promise<readonly string[]> => {
    const next = new Promise<void>((resolve) => (told = resolve));
    work();
    await next;
    return seen.at(-1) ?? [];
  };

  it('sees a file each time it is saved, in place or by a rename', async () => {
    const inPlace = (): void => writeFileSync(path('src/deep/a.ts'), 'x');
    const byRename = (): void => {
      writeFileSync(path('src/deep/a.ts~'), 'y');
      renameSync(path('src/deep/a.ts~'), path('src/deep/a.ts'));
    };
    for (const save of [inPlace, byRename, byRename, byRename, inPlace, byRename]) {
      expect(await seenOf(save)).toEqual(['src/deep/a.ts']);
    }
  });

  it('sees files of a folder that is new, or took the place of another', async () => {
    const make = (): void => {
      rmSync(path('src/more'), { recursive: true, force: true });
      mkdirSync(path('src/more'));
      writeFileSync(path('src/more/b.ts'), '0');
    };
    expect(await seenOf(make)).toEqual(['src/more/b.ts']);
    expect(await seenOf(make)).toEqual(['src/more/b.ts']);
    expect(await seenOf(() => writeFileSync(path('src/more/b.ts'), '1'))).toEqual(['src/more/b.ts']);
    expect(await seenOf(() => rmSync(path('src/more'), { recursive: true }))).toEqual(['src/more/b.ts']);
  });

  it('sees files that are saved at once together', async () => {
    const both = (): void => ['src/deep/a.ts', 'src/deep/b.ts'].forEach((name) => writeFileSync(path(name), 'z'));
    expect(await seenOf(both)).toEqual(['src/deep/a.ts', 'src/deep/b.ts']);
  });
});
