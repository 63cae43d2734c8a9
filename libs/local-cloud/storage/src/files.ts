import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '@outbox/local-cloud-kernel';

/** The bytes of objects: one file each, in `<directory>/s3`, written whole before anything refers to it. */
export class Files {
  readonly #folder: string;

  constructor(private readonly engine: Pick<Engine, 'directory' | 'store'>) {
    this.#folder = join(engine.directory, 's3');
  }

  /** Keeps bytes and returns the name of their file. */
  write(bytes: Uint8Array): string {
    const name = randomUUID();
    const path = join(this.#folder, name);
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(`${path}.new`, bytes);
    renameSync(`${path}.new`, path);
    return name;
  }

  read(name: string): Buffer {
    return readFileSync(join(this.#folder, name));
  }

  /** Removes what a kill left between a file and what was to refer to it: all but these files. */
  keepOnly(names: ReadonlySet<string>): void {
    if (!existsSync(this.#folder)) return;
    for (const name of readdirSync(this.#folder)) if (!names.has(name)) rmSync(join(this.#folder, name));
  }

  /** Once the state no longer refers to it: a kill in between leaves a file too many, never one too few. */
  remove(names: readonly string[]): void {
    if (names.length === 0) return;
    this.engine.store.flush();
    for (const name of names) rmSync(join(this.#folder, name), { force: true });
  }
}
