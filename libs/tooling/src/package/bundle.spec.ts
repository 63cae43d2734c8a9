import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { functionAliases, functionBundle } from '../bundle-options.cjs';
import { reproducibleZip } from './reproducible-zip';

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

  it('of the relay loads no cryptography, which would take as long as all else', async () => {
    const { metafile } = await build(functionBundle(ROOT, 'outbox-relay'));
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
    expect(imports).toContain('node:console');
    expect(imports).not.toContain('node:crypto');
  });

  it.each(['outbox-relay', 'outbox-sweeper'])('of %s has nothing imported while it runs', async (app) => {
    const { metafile, outputFiles } = await build(functionBundle(ROOT, app));
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ kind }) => kind));
    expect(imports.filter((kind) => kind !== 'require-call')).toEqual([]);
    expect(outputFiles[0]?.text).not.toMatch(/\bimport\(/);
  });

  it('holds neither what streams of events need, nor a cache for endpoints that nobody asks for', async () => {
    const packages = await bundledFiles('outbox-sweeper', {
      alias: functionAliases,
      mainFields: ['module', 'main'],
    });
    expect(packages).toContainEqual(expect.stringContaining('/@aws-sdk/client-lambda/'));
    expect(packages.filter((path) => /event-?streams?\/|mnemonist|obliterator/.test(path))).toEqual([]);
  });

  it('holds of the SDK’s packages their version alone, which a client sends', async () => {
    const { outputFiles } = await build(functionBundle(ROOT, 'outbox-acknowledger'));
    const code = outputFiles[0]?.text ?? '';
    const { version } = JSON.parse(
      readFileSync(join(ROOT, 'node_modules/@aws-sdk/client-dynamodb/package.json'), 'utf8'),
    ) as { version: string };
    expect(code).toContain(version);
    expect(code).not.toContain('"@aws-sdk/credential-provider-node"');
  });

  // The two largest: one with the clients of three services, one with most of the libraries' code.
  it.each(['outbox-sweeper', 'order-progress'])('of %s makes a zip of at most 115 kB', async (app) => {
    expect(await zipKilobytes(app)).toBeLessThanOrEqual(115);
  });

  it('of the relay makes a zip of at most 20 kB', async () => {
    expect(await zipKilobytes('outbox-relay')).toBeLessThanOrEqual(20);
  });

  it('holds no source of credentials but the environment', async () => {
    const packages = await bundledFiles('outbox-sweeper', {
      alias: functionAliases,
      mainFields: ['module', 'main'],
    });
    expect(packages).toContainEqual(expect.stringContaining('/@aws-sdk/credential-provider-env/'));
    expect(packages.filter((path) => /credential-provider-(?!env)|nested-clients|token-providers/.test(path))).toEqual(
      [],
    );
  });
});

async function zipKilobytes(app: string): Promise<number> {
  const { outputFiles } = await build(functionBundle(ROOT, app));
  return reproducibleZip({ 'index.js': outputFiles[0]?.contents ?? new Uint8Array() }).length / 1_000;
}

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
