import type { Engine, Table, Tags } from '@outbox/local-cloud-kernel';
import { refused } from '../errors';
import type { Files } from '../files';
import type { ChecksumAlgorithm, ObjectEncryption, ObjectHeaders } from '../model';

/** A part of an upload. */
export interface PartRecord {
  readonly number: number;
  readonly file: string;
  readonly size: number;
  readonly etag: string;
  /** In base64, by the upload's algorithm. */
  readonly checksum: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** An upload in parts that is neither complete nor aborted. */
export interface UploadRecord {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly at: number;
  readonly headers: ObjectHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Tags;
  readonly encryption: ObjectEncryption;
  readonly algorithm: ChecksumAlgorithm;
  readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE';
  /** Whether its start named the algorithm: then its parts are listed with their checksums. */
  readonly namesAlgorithm?: boolean;
  /** In order of their numbers. */
  readonly parts: readonly PartRecord[];
}

/** Uploads in parts, of all buckets. */
export class Uploads {
  readonly #table: Table<UploadRecord>;

  constructor(
    engine: Pick<Engine, 'store'>,
    private readonly files: Files,
  ) {
    this.#table = engine.store.table('s3.uploads');
  }

  save(upload: UploadRecord): void {
    this.#table.set(upload.id, upload);
  }

  find(id: string): UploadRecord | undefined {
    return this.#table.get(id);
  }

  /** @throws AwsError NoSuchUpload */
  get(bucket: string, key: string | undefined, id: string | undefined): UploadRecord {
    const found = this.find(id ?? '');
    if (found && found.bucket === bucket && found.key === key) return found;
    throw refused(
      'NoSuchUpload',
      404,
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    );
  }

  /** A part put again takes the place of the one before. */
  putPart(upload: UploadRecord, part: PartRecord): void {
    const replaced = upload.parts.filter(({ number }) => number === part.number);
    const kept = upload.parts.filter(({ number }) => number !== part.number);
    this.save({ ...upload, parts: [...kept, part].sort((a, b) => a.number - b.number) });
    this.files.remove(replaced.map(({ file }) => file));
  }

  /** Ends an upload and deletes its parts. */
  end({ id, parts }: UploadRecord): void {
    this.#table.delete(id);
    this.files.remove(parts.map(({ file }) => file));
  }

  /** Ends the uploads to a bucket, which goes. */
  endAll(bucket: string): void {
    for (const upload of this.of(bucket)) this.end(upload);
  }

  /** The files of all parts. */
  fileNames(): string[] {
    return [...this.#table.values()].flatMap(({ parts }) => parts.map(({ file }) => file));
  }

  /** In order of their keys and times. */
  of(bucket: string): UploadRecord[] {
    return [...this.#table.values()]
      .filter((upload) => upload.bucket === bucket)
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || a.at - b.at);
  }
}
