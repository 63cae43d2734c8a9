import { join } from 'node:path';
import { build } from 'esbuild';
import { strToU8, zipSync } from 'fflate';

/** A zip as Lambda wants it, of `<folder>/<name>.ts` and what that imports. */
export async function functionZip(folder: string, name: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, `${name}.ts`)],
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    write: false,
  });
  return zipSync({ 'index.js': strToU8(outputFiles[0]?.text ?? '') });
}
