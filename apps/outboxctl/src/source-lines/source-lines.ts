import { readdirSync, readFileSync, statSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { basename, join } from 'node:path';
import { UsageError } from '@outbox/cli-kit';

/**
 * A position in a function's bundle: the build has stack traces name the bundle by its app and the hash of its code. No
 * name of a function is longer (quotas of Lambda); without a limit a line of many hyphens took minutes.
 */
const POSITION = /\b([a-z][a-z0-9-]{0,63}-[0-9a-f]{12}\.js):(\d+):(\d+)/g;

/** Leads positions in bundles back to their sources, by the source maps in a folder. */
export class SourceLines {
  readonly #paths: ReadonlyMap<string, string>;
  readonly #maps = new Map<string, SourceMap>();
  readonly #missing = new Set<string>();

  /** @throws UsageError when there is no such folder */
  constructor(folder: string) {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new UsageError(`there is no folder ${folder}: make build, or --maps FOLDER`);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    this.#paths = new Map(files.map((file) => [basename(file), join(folder, file)]));
  }

  /** Bundles that were named and have no map here. */
  get missing(): readonly string[] {
    return [...this.#missing];
  }

  /** A text, JSON or not, with each position in a bundle as the one in its source; what has no map stays as it is. */
  translate(text: string): string {
    return text.replace(POSITION, (position, bundle: string, line: string, column: string) => {
      // Stack traces count from one, source maps from zero.
      const entry = this.#mapOf(bundle)?.findEntry(Number(line) - 1, Number(column) - 1);
      if (entry === undefined || !('originalSource' in entry)) return position;
      return `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    });
  }

  #mapOf(bundle: string): SourceMap | undefined {
    const known = this.#maps.get(bundle);
    if (known !== undefined) return known;
    const path = this.#paths.get(`${bundle}.map`);
    if (path === undefined) {
      this.#missing.add(bundle);
      return undefined;
    }
    const map = readMap(path);
    this.#maps.set(bundle, map);
    return map;
  }
}

/** @throws UsageError when the file is no source map, as one whose copying was cut off */
function readMap(path: string): SourceMap {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, 'utf8')) as SourceMapPayload);
  } catch (error) {
    throw new UsageError(`cannot read the source map ${path}`, {
      cause: error instanceof Error ? error.message : String(error),
      hint: 'make build writes it anew; of a release, unpack its archive again',
    });
  }
}
