import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { functionAliases } from '../plugin.cjs';

const ROOT = join(__dirname, '..', '..', '..', '..');

const functions = readdirSync(join(ROOT, 'apps')).filter((app) => {
  const project = JSON.parse(readFileSync(join(ROOT, 'apps', app, 'project.json'), 'utf8')) as { tags?: string[] };
  return project.tags?.includes('type:function');
});

type BundleOptions = Pick<BuildOptions, 'plugins' | 'alias' | 'mainFields'>;

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
    const paths = await bundledFiles(app, { plugins: [ownCodeOnly] });
    expect(paths).toContainEqual(expect.stringMatching(`^apps/${app}/`));
    expect(paths.filter((path) => path.startsWith('libs/outbox/envelope/src/contract/'))).toEqual([]);
  });

  it.each(functions)('%s needs nothing of OpenTelemetry', async (app) => {
    const { imports } = await bundleOf(app, { plugins: [ownCodeOnly] });
    expect(imports).toContainEqual(expect.stringMatching(/^@aws-lambda-powertools\//));
    expect(imports.filter((path) => path.startsWith('@opentelemetry/'))).toEqual([]);
  });

  it('of the relay, which every event waits for, sends no spans', async () => {
    const paths = await bundledFiles('outbox-relay', { plugins: [ownCodeOnly] });
    expect(paths.filter((path) => /otlp|sigv4|tracer/.test(path))).toEqual([]);
  });

  it('holds nothing of streams of events, even where a client has operations with them', async () => {
    const options = { alias: functionAliases, mainFields: ['module', 'main'] };
    const [packages, unchanged] = await Promise.all([
      bundledFiles('outbox-sweeper', options),
      bundledFiles('outbox-sweeper', { ...options, alias: {} }),
    ]);
    expect(unchanged).toContainEqual(expect.stringContaining('/event-streams/'));
    expect(packages.filter((path) => path.includes('/event-streams/'))).toEqual([]);
  });

  it('holds no source of credentials but the environment', async () => {
    const packages = await bundledFiles('outbox-sweeper', { alias: functionAliases, mainFields: ['module', 'main'] });
    expect(packages).toContainEqual(expect.stringContaining('/@aws-sdk/credential-provider-env/'));
    expect(packages.filter((path) => /credential-provider-(?!env)|nested-clients|token-providers/.test(path))).toEqual(
      [],
    );
  });
});

/** The files of which a function's bundle holds something, from the workspace's root. */
async function bundledFiles(app: string, options: BundleOptions): Promise<readonly string[]> {
  return (await bundleOf(app, options)).files;
}

/** The files of a function's bundle, and what it imports from outside. */
async function bundleOf(app: string, options: BundleOptions) {
  const source = join(ROOT, 'apps', app, 'src');
  const { metafile } = await build({
    ...options,
    entryPoints: [join(source, existsSync(join(source, 'main.ts')) ? 'main.ts' : 'handler.ts')],
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    tsconfig: join(ROOT, 'tsconfig.base.json'),
    metafile: true,
    write: false,
  });
  const [output] = Object.values(metafile.outputs);
  const { inputs = {}, imports = [] } = output ?? {};
  return {
    files: Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    imports: imports.map(({ path }) => path),
  };
}
