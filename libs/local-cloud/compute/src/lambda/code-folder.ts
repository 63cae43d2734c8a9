import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AwsError } from '@outbox/local-cloud-kernel';
import { unzipSync } from 'fflate';
import { invalidParameter } from './errors';
import type { CodeRecord, FunctionRecord } from './model';
import { MAX_UNZIPPED_BYTES, MAX_ZIP_BYTES } from './limits';

/** Where code of functions or layers lies: unpacked in `<directory>/<kind>/<account>/<region>/<name>/<sha256>/`, its zip beside it. */
export class CodeFolders {
  constructor(
    private readonly directory: string,
    private readonly kind: 'functions' | 'layers' = 'functions',
  ) {}

  /**
   * Unpacks a zip once; the same bytes again find their folder in place.
   * @throws AwsError for what is no zip, leads outside its folder, or is too large.
   */
  unpack(at: { accountId: string; region: string; name: string }, zip: Uint8Array): CodeRecord {
    if (zip.byteLength > MAX_ZIP_BYTES) {
      throw new AwsError(
        'RequestEntityTooLargeException',
        `Request must be smaller than ${MAX_ZIP_BYTES} bytes for the ${this.kind === 'layers' ? 'PublishLayerVersion' : 'CreateFunction'} operation`,
        {
          status: 413,
          members: { Type: 'User' },
        },
      );
    }
    const digest = createHash('sha256').update(zip).digest();
    const folder = join(this.#home(at), digest.toString('hex'));
    const path = join(this.directory, folder);
    if (!existsSync(path)) this.#write(path, zip);
    return { sha256: digest.toString('base64'), size: zip.byteLength, folder };
  }

  /** The file that a folder's code was unpacked from, if it is there. */
  zipOf(folder: string): string | undefined {
    const path = join(this.directory, `${folder}.zip`);
    return existsSync(path) ? path : undefined;
  }

  /** Deletes all code of a function. */
  remove(at: { accountId: string; region: string; name: string }): void {
    rmSync(join(this.directory, this.#home(at)), { recursive: true, force: true });
  }

  /** Deletes code that no version of a function uses any more. */
  prune(record: FunctionRecord): void {
    const used = new Set([record.latest, ...record.versions].map((version) => version.code.folder));
    const path = join(this.directory, this.#home(record));
    if (!existsSync(path)) return;
    for (const name of readdirSync(path)) {
      if (!used.has(join(this.#home(record), name.replace(/\.zip$/, ''))))
        rmSync(join(path, name), { recursive: true, force: true });
    }
  }

  #home(at: { accountId: string; region: string; name: string }): string {
    return join(this.kind, at.accountId, at.region, at.name);
  }

  /** Written aside and renamed, so that a crash half-way never leaves a folder that looks complete. */
  #write(folder: string, zip: Uint8Array): void {
    const files = read(zip);
    const aside = `${folder}.${randomUUID()}`;
    mkdirSync(aside, { recursive: true });
    writeFileSync(`${folder}.zip`, zip);
    for (const [name, bytes] of Object.entries(files)) {
      const path = join(aside, name);
      if (name.endsWith('/')) {
        mkdirSync(path, { recursive: true });
        continue;
      }
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
    renameSync(aside, folder);
  }
}

function read(zip: Uint8Array): Record<string, Uint8Array> {
  let unzipped = 0;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(zip, {
      filter: (file) => {
        unzipped += file.originalSize;
        return unzipped <= MAX_UNZIPPED_BYTES;
      },
    });
  } catch {
    throw invalidParameter('Could not unzip uploaded file. Please check your file, then try to upload again.');
  }
  if (unzipped > MAX_UNZIPPED_BYTES) {
    throw invalidParameter(`Unzipped size must be smaller than ${MAX_UNZIPPED_BYTES} bytes`);
  }
  if (Object.keys(files).length === 0) throw invalidParameter('Uploaded file must be a non-empty zip');
  if (Object.keys(files).some((name) => name.startsWith('/') || name.split(/[\\/]/).includes('..'))) {
    throw invalidParameter('Could not unzip uploaded file. Please check your file, then try to upload again.');
  }
  return files;
}
