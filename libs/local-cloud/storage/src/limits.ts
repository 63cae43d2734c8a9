/** Limits of S3. */

/** Tags of a bucket. Source: S3 user guide, "Using cost allocation S3 bucket tags". */
export const MAX_BUCKET_TAGS = 50;

/** Tags of an object. Source: S3 user guide, "Categorizing your objects using tags". */
export const MAX_OBJECT_TAGS = 10;

/** Buckets of one page. Source: S3 API reference, ListBuckets. */
export const MAX_BUCKETS = 10_000;

/** Bytes of a bucket's policy. Source: S3 user guide, "Bucket policies". */
export const MAX_POLICY_BYTES = 20_480;

/** Source: S3 user guide, "Naming Amazon S3 objects". */
export const MAX_KEY_BYTES = 1024;

/** Bytes of an object's own metadata. Source: S3 API reference, PutObject, Metadata. */
export const MAX_METADATA_BYTES = 2048;

/** Objects of one request. Source: S3 API reference, DeleteObjects. */
export const MAX_DELETED = 1000;

/** Every part but the last one. Source, as for the one that follows: S3 user guide, "Amazon S3 multipart upload limits". */
export const MIN_PART_BYTES = 5 * 1024 * 1024;
export const MAX_PARTS = 10_000;
