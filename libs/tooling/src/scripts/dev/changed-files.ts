import { basename } from 'node:path';
import { watchFolders } from './watch-folders.ts';

/** Editors write a file in several steps, and a checkout writes many. */
const SETTLE_MS = 40;

/**
 * Calls `onChange` with the files that were saved under any of these folders, one call after another.
 * Returns what ends it, once a call that runs is over.
 */
export function watchFiles(
  folders: readonly string[],
  onChange: (files: readonly string[]) => Promise<void>,
): () => Promise<void> {
  const saved = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  const flush = (): void => {
    timer = undefined;
    working = working.then(async () => {
      const files = [...saved];
      saved.clear();
      if (files.length > 0) await onChange(files);
    });
  };
  const stop = watchFolders(folders, (file) => {
    if (!isSource(file)) return;
    saved.add(file);
    timer ??= setTimeout(flush, SETTLE_MS);
  });
  return async () => {
    clearTimeout(timer);
    stop();
    await working;
  };
}

/** Whether a file may be part of what runs: specs and what editors leave beside a file are not. */
export function isSource(name: string): boolean {
  return (
    /\.(ts|tsx|cts|mts|js|cjs|mjs|json|tf|tfvars)$/.test(name) &&
    !/\.spec\.tsx?$/.test(name) &&
    !basename(name).startsWith('.') &&
    !name.includes('node_modules')
  );
}
