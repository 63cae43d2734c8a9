import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** Projects of this workspace by their alias: what a package holds itself. */
export const INTERNAL = /^@outbox\//;

/**
 * What npm brings stays an import; where nothing of it is used, none is left. Projects of the workspace are found by the
 * `paths` of tsconfig.
 */
const npmIsExternal: Plugin = {
  name: 'npm-is-external',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || INTERNAL.test(path) ? undefined : { path, external: true, sideEffects: false },
    );
  },
};

/**
 * Bundles entries to ES modules that share what they have in common, so that a class is the same class from every
 * subpath. Returns the specifiers that the bundles import from outside.
 */
export async function bundle(
  root: string,
  projectRoot: string,
  entries: readonly string[],
  outdir: string,
): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...entries],
    tsconfig: join(root, projectRoot, 'tsconfig.json'),
    outdir,
    plugins: [npmIsExternal],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  return Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.flatMap(({ path, external }) => (external === true ? [path] : [])),
  );
}
