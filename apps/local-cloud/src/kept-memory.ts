import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Memory of this process in bytes, once what nothing refers to any more is given back. */
export interface KeptMemory {
  /** Of objects that JavaScript holds. */
  readonly heapBytes: number;
  /** Of the process. */
  readonly residentBytes: number;
}

/** Collects garbage and tells what is left; everything else waits meanwhile, a second for each gigabyte or so. */
export function keptMemory(): KeptMemory {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  return { heapBytes: heapUsed, residentBytes: rss };
}
