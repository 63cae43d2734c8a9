import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const ROOT = join(__dirname, '..', '..', '..', '..');

const functions = readdirSync(join(ROOT, 'apps')).filter((app) => {
  const project = JSON.parse(readFileSync(join(ROOT, 'apps', app, 'project.json'), 'utf8')) as { tags?: string[] };
  return project.tags?.includes('type:function');
});

/** Leaves packages out, which makes a bundle of it in a tenth of the time. */
const ownCodeOnly: Plugin = {
  name: 'own-code-only',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@outbox/') ? undefined : { path, external: true, sideEffects: false },
    );
  },
};

describe('the bundle of a function', () => {
  it.each(functions)('%s holds nothing that generates or compares contracts', async (app) => {
    const source = join(ROOT, 'apps', app, 'src');
    const { metafile } = await build({
      entryPoints: [join(source, existsSync(join(source, 'main.ts')) ? 'main.ts' : 'handler.ts')],
      absWorkingDir: ROOT,
      bundle: true,
      platform: 'node',
      plugins: [ownCodeOnly],
      tsconfig: join(ROOT, 'tsconfig.base.json'),
      metafile: true,
      write: false,
    });
    const [output] = Object.values(metafile.outputs);
    const held = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
    const paths = held.map(([path]) => path);
    expect(paths).toContainEqual(expect.stringMatching(`^apps/${app}/`));
    expect(paths.filter((path) => path.startsWith('libs/outbox/envelope/src/contract/'))).toEqual([]);
  });
});
