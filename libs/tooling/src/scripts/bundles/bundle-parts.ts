import type { Metafile } from 'esbuild';

/** What a bundle holds of one package, library or app. */
export interface BundlePart {
  readonly name: string;
  /** Of the minified bundle. */
  readonly bytes: number;
}

/** esbuild's own code between the files: how modules are put together. */
const GLUE = '(esbuild)';

/** Every byte of a bundle by what it comes from, the most first. */
export function bundleParts({ outputs }: Metafile): readonly BundlePart[] {
  const parts = new Map<string, number>();
  const add = (name: string, bytes: number): void => void parts.set(name, (parts.get(name) ?? 0) + bytes);
  for (const { bytes, inputs } of Object.values(outputs)) {
    const known = Object.entries(inputs);
    for (const [path, { bytesInOutput }] of known) add(ownerOf(path), bytesInOutput);
    add(GLUE, bytes - known.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0));
  }
  return [...parts]
    .filter(([, bytes]) => bytes > 0)
    .map(([name, bytes]) => ({ name, bytes }))
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}

/** The package, library or app that a file belongs to, by its path from the workspace's root. */
export function ownerOf(path: string): string {
  const inPackage = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
  return inPackage ?? /^((?:apps|libs)\/.+?)\/src\//.exec(path)?.[1] ?? path;
}
