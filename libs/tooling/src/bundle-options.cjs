const { existsSync } = require('node:fs');
const { join } = require('node:path');

/** Functions that call nobody, and so hold no client. */
const withoutClients = ['outbox-relay'];

/**
 * What the bundle of an app's function holds in a package's place. Paths are relative to the workspace's root.
 * @type {(app: string) => Readonly<Record<string, string>>}
 */
exports.functionAliases = (app) => ({
  '@aws-sdk/credential-provider-node': './libs/function-kit/src/lambda-credentials.ts',
  '@aws-sdk/endpoint-cache': './libs/function-kit/src/endpoint-cache.ts',
  '@smithy/core/event-streams': './libs/function-kit/src/no-event-streams.ts',
  ...(withoutClients.includes(app) ? { 'node:crypto': './libs/function-kit/src/lazy-crypto.ts' } : {}),
});

/**
 * CommonJS and `module` before `main` fields: measured smallest and fastest to initialise on Node 22,
 * because the AWS SDK then loads lazily.
 */
exports.mainFields = ['module', 'main'];

/**
 * What a function's bundle may not hold: `import()` of a module of Node, which the SDK's first request does, reads all of
 * its exports, and one of `node:http` loads a client of WebSockets (undici). `require` in its place takes 20 ms less of
 * that request's processor time.
 */
exports.functionSyntax = { 'dynamic-import': false };

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
  legalComments: 'none',
  mainFields: exports.mainFields,
  alias: exports.functionAliases(app),
  supported: exports.functionSyntax,
  metafile: true,
  write: false,
  logLevel: 'silent',
});
