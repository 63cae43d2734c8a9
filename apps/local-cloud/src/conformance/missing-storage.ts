import { rows, type MissingCase } from './missing-case';

/** Buckets, objects and uploads that nobody made. Source: as for all others. */
export function missingStorage(document: string): readonly MissingCase[] {
  const Bucket = 'nowhere';
  const object = { Bucket, Key: 'k' };
  const upload = { ...object, UploadId: 'u' };
  return rows('s3', 'NoSuchBucket', {
    AbortMultipartUpload: upload,
    CompleteMultipartUpload: { ...upload, MultipartUpload: { Parts: [{ ETag: 'e', PartNumber: 1 }] } },
    CopyObject: { ...object, CopySource: 'elsewhere/k' },
    CreateMultipartUpload: object,
    DeleteBucket: { Bucket },
    DeleteBucketPolicy: { Bucket },
    DeleteBucketTagging: { Bucket },
    DeleteObject: object,
    DeleteObjects: { Bucket, Delete: { Objects: [{ Key: 'k' }] } },
    GetBucketAcl: { Bucket },
    GetBucketLocation: { Bucket },
    GetBucketPolicy: { Bucket },
    GetBucketTagging: { Bucket },
    GetBucketVersioning: { Bucket },
    GetObject: object,
    GetObjectTagging: object,
    HeadBucket: { input: { Bucket }, error: 'NotFound' },
    HeadObject: { input: object, error: 'NotFound' },
    ListMultipartUploads: { Bucket },
    ListObjects: { Bucket },
    ListObjectsV2: { Bucket },
    ListObjectVersions: { Bucket },
    ListParts: upload,
    PutBucketPolicy: { Bucket, Policy: document },
    PutObject: { ...object, Body: 'x' },
    UploadPart: { ...upload, PartNumber: 1, Body: 'x' },
  });
}
