const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

/** What a function's bundle holds in a package's place. Paths are relative to the workspace's root. */
exports.functionAliases = {
  '@aws-sdk/credential-provider-node': './libs/function-kit/src/lambda-credentials.ts',
  '@aws-sdk/endpoint-cache': './libs/function-kit/src/endpoint-cache.ts',
  '@smithy/core/event-streams': './libs/function-kit/src/no-event-streams.ts',
};

/**
 * CommonJS and `module` before `main` fields: measured smallest and fastest to initialise on Node 22,
 * because the AWS SDK then loads lazily.
 */
exports.mainFields = ['module', 'main'];

/**
 * A client of the SDK takes in its whole package.json for the version that it sends: the rest is 2 % of a zip.
 * @type {import('esbuild').Plugin}
 */
const versionsOnly = {
  name: 'versions-only',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/node_modules\/@aws-sdk\/[^/]+\/package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/** Functions that call nobody, and so hold no client. */
const withoutClients = /\/outbox-relay\//;

/**
 * Where only Powertools' logger may use `node:crypto`, it is loaded when it is used.
 * @type {import('esbuild').Plugin}
 */
const lazyCrypto = {
  name: 'lazy-crypto',
  setup: ({ initialOptions, onResolve }) => {
    if (!withoutClients.test(JSON.stringify(initialOptions.entryPoints))) return;
    const path = join(__dirname, '..', '..', 'function-kit', 'src', 'lazy-crypto.ts');
    onResolve({ filter: /^node:crypto$/ }, () => ({ path }));
  },
};

/** What a function's bundle is made with beyond options that Nx has. */
exports.functionEsbuildOptions = {
  mainFields: exports.mainFields,
  legalComments: 'none',
  alias: exports.functionAliases,
  plugins: [versionsOnly, lazyCrypto],
  // `import()` of a module of Node, which the SDK's first request does, reads all of its exports, and one of `node:http`
  // loads a client of WebSockets (undici). `require` in its place takes 20 ms less of that request's processor time.
  supported: { 'dynamic-import': false },
};

/**
 * Where the bundle of an app's function begins: `src/main.ts`, or `src/handler.ts` where there is none.
 * @type {(workspaceRoot: string, app: string) => string}
 */
exports.functionEntry = (workspaceRoot, app) =>
  existsSync(join(workspaceRoot, 'apps', app, 'src', 'main.ts')) ? 'src/main.ts' : 'src/handler.ts';

/**
 * esbuild's options for the bundle of an app's function, as Nx builds it for its zip.
 * @type {(workspaceRoot: string, app: string) => import('esbuild').BuildOptions & { metafile: true, write: false }}
 */
exports.functionBundle = (workspaceRoot, app) => ({
  absWorkingDir: workspaceRoot,
  entryPoints: [`apps/${app}/${exports.functionEntry(workspaceRoot, app)}`],
  outfile: 'index.js',
  tsconfig: `apps/${app}/tsconfig.json`,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  bundle: true,
  minify: true,
  ...exports.functionEsbuildOptions,
  metafile: true,
  write: false,
  logLevel: 'silent',
});
