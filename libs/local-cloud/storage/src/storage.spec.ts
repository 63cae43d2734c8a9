import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Service, ServiceName } from '@outbox/local-cloud-kernel';
import { specEngine, type SpecEngineOptions } from '@outbox/local-cloud-testing';
import { createStorage } from './create-storage';

/** KMS that answers after others had their turn. */
const slowly = async () => {
  await new Promise((resolve) => setImmediate(resolve));
  return { CiphertextBlob: new Uint8Array([1]), Plaintext: new Uint8Array([1]), KeyId: 'arn:aws:kms:key' };
};
const kms = {
  name: 'kms',
  operations: Object.fromEntries(
    ['GenerateDataKey', 'Decrypt'].map((name) => [name, { requires: () => [], handle: slowly }]),
  ),
} as unknown as Service<ServiceName>;

describe('objects and the files of their bytes', () => {
  let directory = '';
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'storage-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  const start = (options: SpecEngineOptions = {}) =>
    specEngine(createStorage, { directory, services: [kms], ...options });
  const files = () => readdirSync(join(directory, 's3'));
  const Bucket = 'bucket';
  const encrypted = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'key' } as const;

  it('parts that come at once are all kept, and the upload is completed once', async () => {
    const { call } = start();
    await call('s3', 'CreateBucket', { Bucket });
    const { UploadId } = await call('s3', 'CreateMultipartUpload', { Bucket, Key: 'k', ...encrypted });
    const Body = Buffer.alloc(5 * 1024 * 1024);
    const Parts = await Promise.all(
      [1, 2, 3].map(async (PartNumber) => {
        const { ETag } = await call('s3', 'UploadPart', { Bucket, Key: 'k', UploadId, PartNumber, Body });
        return { ETag, PartNumber };
      }),
    );
    const complete = () =>
      call('s3', 'CompleteMultipartUpload', { Bucket, Key: 'k', UploadId, MultipartUpload: { Parts } });
    const ended = await Promise.allSettled([complete(), complete()]);
    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(files()).toHaveLength(1);
  });

  it('a part of an upload that was aborted meanwhile leaves nothing', async () => {
    const { call } = start();
    await call('s3', 'CreateBucket', { Bucket });
    const { UploadId } = await call('s3', 'CreateMultipartUpload', { Bucket, Key: 'k', ...encrypted });
    const upload = { Bucket, Key: 'k', UploadId };
    const part = call('s3', 'UploadPart', { ...upload, PartNumber: 1, Body: 'x' });
    await call('s3', 'AbortMultipartUpload', upload);
    await expect(part).rejects.toMatchObject({ code: 'NoSuchUpload' });
    expect((await call('s3', 'ListMultipartUploads', { Bucket })).Uploads).toEqual([]);
  });

  it('an object whose bucket was deleted meanwhile is put nowhere', async () => {
    const { call } = start();
    await call('s3', 'CreateBucket', { Bucket });
    const put = call('s3', 'PutObject', { Bucket, Key: 'k', Body: 'x', ...encrypted });
    await call('s3', 'DeleteBucket', { Bucket });
    await expect(put).rejects.toMatchObject({ code: 'NoSuchBucket' });
  });

  it('of two objects put on a condition one is made', async () => {
    const { call } = start();
    await call('s3', 'CreateBucket', { Bucket });
    const put = () => call('s3', 'PutObject', { Bucket, Key: 'k', IfNoneMatch: '*', ...encrypted });
    const ended = await Promise.allSettled([put(), put()]);
    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('a bucket that is deleted takes its uploads along', async () => {
    const { call } = start();
    await call('s3', 'CreateBucket', { Bucket });
    const { UploadId } = await call('s3', 'CreateMultipartUpload', { Bucket, Key: 'k' });
    await call('s3', 'UploadPart', { Bucket, Key: 'k', UploadId, PartNumber: 1, Body: 'x' });
    await call('s3', 'DeleteBucket', { Bucket });
    await call('s3', 'CreateBucket', { Bucket });
    expect((await call('s3', 'ListMultipartUploads', { Bucket })).Uploads).toEqual([]);
    expect(files()).toEqual([]);
  });

  // A kill between the file and its record leaves a file too many.
  it('files that nothing refers to go when the engine starts', async () => {
    const { call, store } = start();
    await call('s3', 'CreateBucket', { Bucket });
    await call('s3', 'PutObject', { Bucket, Key: 'k', Body: 'x' });
    const { UploadId } = await call('s3', 'CreateMultipartUpload', { Bucket, Key: 'k' });
    await call('s3', 'UploadPart', { Bucket, Key: 'k', UploadId, PartNumber: 1, Body: 'x' });
    const kept = files();
    writeFileSync(join(directory, 's3', 'left-over'), 'x');
    writeFileSync(join(directory, 's3', 'half.new'), 'x');
    await start({ store }).module.start?.();
    expect(files()).toEqual(kept);
  });

  it('a page of no keys is the last one, and versions are paged by whatever divides them', async () => {
    const { call } = start();
    await call('s3', 'CreateBucket', { Bucket });
    for (const Key of ['a-1', 'a-2', 'b-1']) await call('s3', 'PutObject', { Bucket, Key, Body: 'x' });
    expect(await call('s3', 'ListObjectsV2', { Bucket, MaxKeys: 0 })).toMatchObject({
      IsTruncated: false,
      KeyCount: 0,
    });
    const list = (KeyMarker?: string) =>
      call('s3', 'ListObjectVersions', { Bucket, Delimiter: '-', MaxKeys: 1, KeyMarker });
    const first = await list();
    const second = await list(first.NextKeyMarker);
    expect([first, second].map(({ CommonPrefixes }) => CommonPrefixes)).toEqual([
      [{ Prefix: 'a-' }],
      [{ Prefix: 'b-' }],
    ]);
    expect(second.IsTruncated).toBe(false);
  });
});
