import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagesIn, thirdPartyNotices } from './notices';

const BUNDLE = `
// libs/own/src/index.ts
var own = 1;
    // node_modules/@scope/one/dist/index.js
// ../../node_modules/two/index.js
// node_modules/two/more.js
// node_modules/two/node_modules/three/index.js
`;

describe('notices of bundled code', () => {
  let root: string;
  beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'notices-'))));
  afterEach(() => rm(root, { recursive: true }));

  const install = async (folder: string, license: string | undefined, texts: Readonly<Record<string, string>>) => {
    await mkdir(join(root, folder), { recursive: true });
    const name = folder.replace(/^.*node_modules\//, '');
    await writeFile(join(root, folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', license }));
    for (const [file, text] of Object.entries(texts)) await writeFile(join(root, folder, file), text);
  };

  it('name every package once, wherever it is installed', () => {
    expect(packagesIn(BUNDLE)).toEqual([
      'node_modules/@scope/one',
      'node_modules/two',
      'node_modules/two/node_modules/three',
    ]);
  });

  it('hold each text once, after all whose it is', async () => {
    await install('node_modules/@scope/one', 'Apache-2.0', { LICENSE: 'the Apache licence\n', NOTICE: 'made by one' });
    await install('node_modules/two', 'MIT', { 'LICENSE.md': 'the MIT licence of two' });
    await install('node_modules/two/node_modules/three', 'Apache-2.0', { license: 'the Apache licence' });
    const text = await thirdPartyNotices(root, BUNDLE);
    expect(text).toContain('@scope/one 1.0.0 (Apache-2.0)\nthree 1.0.0 (Apache-2.0)\n\nthe Apache licence\n');
    expect(text).toContain('@scope/one 1.0.0 (Apache-2.0)\n\nmade by one\n');
    expect(text.split('the Apache licence')).toHaveLength(2);
  });

  it('give a package of the Apache licence its text where it brings none', async () => {
    await install('node_modules/@scope/one', 'Apache-2.0', { LICENSE: 'the Apache licence' });
    await install('node_modules/two', 'Apache-2.0', {});
    const bundle = '// node_modules/@scope/one/a.js\n// node_modules/two/b.js\n';
    expect(await thirdPartyNotices(root, bundle)).toContain('two 1.0.0 (Apache-2.0)\n\nthe Apache licence\n');
  });

  it.each<[string, string | undefined, Readonly<Record<string, string>>, string]>([
    ['another licence', 'GPL-3.0', { LICENSE: 'x' }, "its licence (GPL-3.0) isn't known to allow it"],
    ['no licence', undefined, { LICENSE: 'x' }, 'its licence (none)'],
    ['no text', 'MIT', {}, 'has no text of its licence'],
  ])('are refused for a package with %s', async (_, license, texts, message) => {
    await install('node_modules/two', license, texts);
    await expect(thirdPartyNotices(root, '// node_modules/two/index.js')).rejects.toThrow(message);
  });
});
