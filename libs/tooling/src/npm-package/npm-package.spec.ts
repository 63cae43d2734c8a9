import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writePackage } from './executor';
import { readManifest } from './manifest';
import { copyModules } from './terraform-modules';

const PROJECT = 'libs/shapes/package';

/** As few global types as the compiler can do with: the real ones take it seconds. */
const GLOBALS = ['Array<T>', 'Boolean', 'CallableFunction', 'Function', 'IArguments', 'NewableFunction', 'Number']
  .concat('Object', 'RegExp', 'String', 'Error')
  .map((name) => `interface ${name} {}\n`)
  .join('')
  .concat('declare var Error: new () => Error;\n');

/** A workspace with two entries over two projects; one project uses npm packages, of which an entry needs none. */
const workspace: Readonly<Record<string, string>> = {
  LICENSE: 'free',
  'package.json': json({ dependencies: { '@npm/paper': '1.2.3' }, devDependencies: { glue: '4.5.6' } }),
  'tsconfig.json': json({
    compilerOptions: {
      target: 'es2024',
      module: 'commonjs',
      moduleResolution: 'bundler',
      strict: true,
      noLib: true,
      paths: { '@outbox/shapes': ['./libs/shapes/src/index.ts'], '@outbox/tools': ['./libs/tools/src/index.ts'] },
    },
  }),
  'node_modules/@types/node/index.d.ts': GLOBALS,
  'node_modules/@npm/paper/package.json': json({ name: '@npm/paper', types: 'index.d.ts' }),
  'node_modules/@npm/paper/index.d.ts':
    'export interface Sheet { size: number } export declare const fold: () => Sheet;',
  'node_modules/glue/package.json': json({ name: 'glue', types: 'index.d.ts' }),
  'node_modules/glue/index.d.ts': 'export declare const stick: () => void;',
  'libs/tools/src/index.ts': "export { ToolError } from './tool-error';\nexport { fold } from './fold';\n",
  'libs/tools/src/tool-error.ts': '/** It broke. */\nexport class ToolError extends Error {}\n',
  'libs/tools/src/fold.ts': "import { fold as folded } from '@npm/paper';\nexport const fold = () => folded();\n",
  'libs/shapes/src/index.ts': "export { cut, type Cut } from './cut/cut';\n",
  'libs/shapes/src/cut/cut.ts':
    "import { ToolError } from '@outbox/tools';\nexport interface Cut { error: ToolError }\nexport const cut = (): Cut => ({ error: new ToolError() });\n",
  'libs/shapes/src/unused.ts': 'export const unused = 1;\n',
  [`${PROJECT}/README.md`]: '# shapes',
  [`${PROJECT}/CHANGELOG.md`]: '# changes',
  [`${PROJECT}/tsconfig.json`]: json({ extends: '../../../tsconfig.json' }),
  [`${PROJECT}/src/index.ts`]: "export { cut, type Cut } from '@outbox/shapes';\n",
  [`${PROJECT}/src/tools.ts`]: "export { fold, ToolError } from '@outbox/tools';\n",
  [`${PROJECT}/package.json`]: json({
    name: 'shapes',
    exports: { '.': { default: './esm/index.js' }, './tools': { default: './esm/tools.js' } },
  }),
};

describe('an npm package of a project', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'outbox-npm-package-'));
    await write(workspace);
  });
  afterEach(() => rm(root, { recursive: true }));

  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
  }

  async function make(): Promise<void> {
    await writePackage(root, PROJECT, await readManifest(root, PROJECT), join(root, 'dist'));
  }

  const read = (path: string): Promise<string> => readFile(join(root, 'dist', path), 'utf8');

  const dependencies = async (): Promise<unknown> =>
    (JSON.parse(await read('package.json')) as { dependencies: unknown }).dependencies;

  it('declares what its entries lead to, by relative imports that Node resolves', async () => {
    await make();

    expect((await readdir(join(root, 'dist', 'types'), { recursive: true })).filter(isDeclaration).sort()).toEqual([
      'shapes/cut/cut.d.ts',
      'shapes/index.d.ts',
      'shapes/package/index.d.ts',
      'shapes/package/tools.d.ts',
      'tools/fold.d.ts',
      'tools/index.d.ts',
      'tools/tool-error.d.ts',
    ]);
    expect(await read('types/shapes/package/index.d.ts')).toContain("from '../index.js'");
    expect(await read('types/shapes/index.d.ts')).toContain("from './cut/cut.js'");
    expect(await read('types/shapes/cut/cut.d.ts')).toContain("from '../../tools/index.js'");
    expect(await read('types/tools/fold.d.ts')).toContain('import("@npm/paper")');
    expect(await read('types/tools/tool-error.d.ts')).toContain('/** It broke. */');
  });

  it('depends on what it imports, and leaves peers to whoever installs it', async () => {
    await make();
    expect(await dependencies()).toEqual({ '@npm/paper': '^1.2.3' });

    const manifest = JSON.parse(workspace[`${PROJECT}/package.json`] ?? '') as object;
    await write({ [`${PROJECT}/package.json`]: json({ ...manifest, peerDependencies: { '@npm/paper': '^1' } }) });
    await make();
    expect(await dependencies()).toEqual({});
  });

  it('takes along README, changelog and licence', async () => {
    await make();
    expect([await read('README.md'), await read('CHANGELOG.md'), await read('LICENSE')]).toEqual([
      '# shapes',
      '# changes',
      'free',
    ]);
  });

  it('has one class for all of its entries', async () => {
    await make();
    const code = await Promise.all((await readdir(join(root, 'dist', 'esm'))).map((file) => read(`esm/${file}`)));
    expect(code.join('\n').match(/class extends Error|class ToolError/g)).toHaveLength(1);
  });

  it('imports no npm package of which nothing is used', async () => {
    await write({
      [`${PROJECT}/src/tools.ts`]: "export { ToolError } from '@outbox/tools';\n",
      'libs/tools/src/fold.ts': "import { stick } from 'glue';\nexport const fold = () => stick();\n",
    });
    await make();
    expect(await dependencies()).toEqual({});
  });

  it('is refused with the compiler’s words where types are wrong', async () => {
    await write({ [`${PROJECT}/src/tools.ts`]: "export { missing } from '@outbox/tools';\n" });
    await expect(make()).rejects.toThrow(`${PROJECT}/src/tools.ts(1,10): error TS2305`);
  });

  it('is refused where it imports what the workspace has no version of', async () => {
    await write({ 'package.json': json({ dependencies: {} }) });
    await expect(make()).rejects.toThrow('@npm/paper is imported, but the workspace has no version of it');
  });

  it('is refused where an export leads elsewhere than to esm', async () => {
    await write({ [`${PROJECT}/package.json`]: json({ exports: { './x': { default: './x.js' } } }) });
    await expect(make()).rejects.toThrow('exports["./x"]: its default must be ./esm/<name>.js');
  });

  it('takes modules of Terraform without their tests and without what Terraform left there', async () => {
    await write({
      'modules/bus/main.tf': '',
      'modules/bus/README.md': '',
      'modules/bus/examples/small/main.tf': '',
      'modules/bus/tests/bus.tftest.hcl': '',
      'modules/bus/tests/fixture/main.tf': '',
      'modules/bus/.terraform/modules/modules.json': '',
      'modules/bus/.terraform.lock.hcl': '',
    });
    await copyModules(join(root, 'modules'), join(root, 'copied'));

    const copied = await readdir(join(root, 'copied'), { recursive: true, withFileTypes: true });
    const files = copied.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    expect(files.map((path) => path.slice(join(root, 'copied').length + 1)).sort()).toEqual([
      'bus/README.md',
      'bus/examples/small/main.tf',
      'bus/main.tf',
    ]);
  });
});

const isDeclaration = (path: string): boolean => path.endsWith('.d.ts');

function json(value: unknown): string {
  return JSON.stringify(value);
}
