import type { Engine, Table } from '@outbox/local-cloud-kernel';
import { invalidArgument, markerHeaders, methodNotAllowed, noSuchKey, noSuchVersion } from '../errors';
import type { Files } from '../files';
import type { BucketRecord, ObjectContent, ObjectRecord, ObjectVersion } from '../model';

/** The version of what is put while a bucket isn't versioned. */
const NULL_VERSION = 'null';

/** A version that holds something. */
export interface FoundObject extends ObjectVersion {
  readonly key: string;
  readonly content: ObjectContent;
}

/** What became of a deletion. */
export interface Deletion {
  readonly versionId?: string;
  /** The deletion made a delete marker, or deleted one. */
  readonly marker: boolean;
}

/** Objects of all buckets, with their versions. Source: S3 user guide, "Using versioning in S3 buckets". */
export class Objects {
  readonly #table: Table<ObjectRecord>;

  constructor(
    private readonly engine: Pick<Engine, 'clock' | 'ids' | 'store'>,
    private readonly files: Files,
  ) {
    this.#table = engine.store.table('s3.objects');
  }

  find(bucket: string, key: string): ObjectRecord | undefined {
    return this.#table.get(`${bucket}/${key}`);
  }

  /** The latest version, or the one of an id; undefined where there is none or it is a delete marker. */
  findVersion(bucket: string, key: string, versionId?: string): FoundObject | undefined {
    const versions = this.find(bucket, key)?.versions ?? [];
    const found = versionId === undefined ? versions.at(-1) : versions.find((one) => one.versionId === versionId);
    return found?.content ? { ...found, key, content: found.content } : undefined;
  }

  /** @throws AwsError NoSuchKey, NoSuchVersion, or MethodNotAllowed for a delete marker that is asked for */
  getVersion(bucket: string, key: string, versionId?: string): FoundObject {
    const found = this.findVersion(bucket, key, versionId);
    if (found) return found;
    const versions = this.find(bucket, key)?.versions ?? [];
    if (versionId === undefined) throw noSuchKey(key, versions.at(-1)?.versionId);
    if (versions.some((one) => one.versionId === versionId)) {
      const headers = markerHeaders(versionId);
      throw methodNotAllowed('The specified method is not allowed against this resource.', headers);
    }
    if (!/^(null|[\w.-]{32})$/.test(versionId)) {
      throw invalidArgument('Invalid version id specified', 'versionId', versionId);
    }
    throw noSuchVersion(key, versionId);
  }

  /** Puts a new version; what it takes the place of goes. Returns the version's id. */
  put(bucket: BucketRecord, key: string, content: ObjectContent): FoundObject {
    const version = { ...this.#newVersion(bucket), content };
    this.#append(bucket, key, version);
    return { ...version, key };
  }

  /** Changes a version that is there. */
  change(bucket: string, { key, versionId }: FoundObject, content: ObjectContent): void {
    const versions = this.find(bucket, key)?.versions ?? [];
    const changed = versions.map((one) => (one.versionId === versionId ? { ...one, content } : one));
    this.#save({ bucket, key, versions: changed });
  }

  /** What isn't there is deleted, too. */
  delete(bucket: BucketRecord, key: string, versionId?: string): Deletion {
    if (versionId !== undefined) return this.#deleteVersion(bucket.name, key, versionId);
    if (bucket.versioning === undefined) {
      this.#remove(bucket.name, key, () => true);
      return { marker: false };
    }
    const marker = this.#newVersion(bucket);
    this.#append(bucket, key, marker);
    return { versionId: marker.versionId, marker: true };
  }

  /** In order of their keys, by bytes. */
  of(bucket: string): ObjectRecord[] {
    return [...this.#table.values()]
      .filter((object) => object.bucket === bucket)
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }

  isEmpty(bucket: string): boolean {
    return ![...this.#table.values()].some((object) => object.bucket === bucket);
  }

  /** The files of all objects' bytes. */
  fileNames(): string[] {
    return [...this.#table.values()].flatMap(({ versions }) => filesOf(versions));
  }

  #newVersion({ versioning }: BucketRecord): Omit<ObjectVersion, 'content'> {
    const versionId = versioning === 'Enabled' ? this.engine.ids.token(32) : NULL_VERSION;
    return { versionId, at: this.engine.clock.now() };
  }

  #append({ name }: BucketRecord, key: string, version: ObjectVersion): void {
    const versions = this.find(name, key)?.versions ?? [];
    const replaced = versions.filter((one) => one.versionId === version.versionId);
    const kept = versions.filter((one) => one.versionId !== version.versionId);
    this.#save({ bucket: name, key, versions: [...kept, version] });
    this.files.remove(filesOf(replaced));
  }

  #deleteVersion(bucket: string, key: string, versionId: string): Deletion {
    const found = this.find(bucket, key)?.versions.find((one) => one.versionId === versionId);
    this.#remove(bucket, key, (one) => one.versionId === versionId);
    return { versionId, marker: found !== undefined && found.content === undefined };
  }

  #remove(bucket: string, key: string, goes: (version: ObjectVersion) => boolean): void {
    const versions = this.find(bucket, key)?.versions ?? [];
    const kept = versions.filter((version) => !goes(version));
    if (kept.length > 0) this.#save({ bucket, key, versions: kept });
    else this.#table.delete(`${bucket}/${key}`);
    this.files.remove(filesOf(versions.filter(goes)));
  }

  #save(object: ObjectRecord): void {
    this.#table.set(`${object.bucket}/${object.key}`, object);
  }
}

function filesOf(versions: readonly ObjectVersion[]): string[] {
  return versions.flatMap(({ content }) => (content ? [content.file] : []));
}
