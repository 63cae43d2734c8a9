import { readdirSync, statSync, watch, type FSWatcher } from 'node:fs';
import { join, sep } from 'node:path';

const NOT_WATCHED = new Set(['node_modules', 'dist']);

/**
 * Calls `onFile` with each file under any of these folders that was written, moved there or removed. Each folder is watched
 * by itself: Node's recursive watching holds on to files on Linux, and sees no more of one that was replaced by a rename,
 * as many editors save. Returns what ends it.
 */
export function watchFolders(folders: readonly string[], onFile: (file: string) => void): () => void {
  const watchers = new Map<string, FSWatcher>();

  const leave = (folder: string): void => {
    for (const [path, watcher] of watchers) {
      if (path !== folder && !path.startsWith(folder + sep)) continue;
      watcher.close();
      watchers.delete(path);
    }
  };
  const enter = (folder: string, isNew: boolean): void => {
    try {
      // Before its entries are read: what is made in between is told, if need be twice.
      const watcher = watch(folder, (_, name) => {
        if (name !== null) look(join(folder, name), name);
      });
      watcher.on('error', () => leave(folder));
      watchers.set(folder, watcher);
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) enterUnlessLeftOut(path, entry.name, isNew);
        else if (isNew) onFile(path);
      }
    } catch (error) {
      // Gone again, as a folder may be that a checkout moves.
      if (!isNew) throw error;
      leave(folder);
    }
  };
  const enterUnlessLeftOut = (path: string, name: string, isNew: boolean): void => {
    if (!NOT_WATCHED.has(name) && !name.startsWith('.')) enter(path, isNew);
  };
  const look = (path: string, name: string): void => {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      leave(path);
      onFile(path);
      return;
    }
    // Another folder may be in its place by now.
    leave(path);
    enterUnlessLeftOut(path, name, true);
  };

  for (const folder of folders) enter(folder, false);
  return () => {
    for (const watcher of watchers.values()) watcher.close();
  };
}
