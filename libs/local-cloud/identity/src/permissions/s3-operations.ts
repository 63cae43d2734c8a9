import type { OperationPermissions, ServicePermissions } from './operations';

const API = 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_';

const as = (...actions: readonly string[]): OperationPermissions => ({
  actions: actions.map((action) => `s3:${action}`),
  note: '',
});
const noted = (page: string, note: string, ...actions: readonly string[]): OperationPermissions => ({
  ...as(...actions),
  note,
  source: `${API}${page}.html`,
});

/** S3's operations and actions were named apart from each other more than those of others. */
export const S3_PERMISSIONS: ServicePermissions = {
  prefix: 's3',
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html',
  exceptions: {
    CompleteMultipartUpload: as('PutObject'),
    CopyObject: noted(
      'CopyObject',
      's3:GetObject on the source, or s3:GetObjectVersion; s3:PutObjectTagging only with tags, and s3:GetObjectTagging on the source where they are its own; s3:PutObjectAcl only with an ACL',
      ...['GetObject', 'GetObjectVersion', 'PutObject', 'PutObjectTagging', 'PutObjectAcl'],
    ),
    CreateBucket: noted(
      'CreateBucket',
      's3:TagResource only with tags, s3:PutBucketOwnershipControls only with an ownership',
      ...['CreateBucket', 'TagResource', 'PutBucketOwnershipControls'],
    ),
    CreateMultipartUpload: noted(
      'CreateMultipartUpload',
      's3:PutObjectTagging only with tags, s3:PutObjectAcl only with an ACL',
      ...['PutObject', 'PutObjectTagging', 'PutObjectAcl'],
    ),
    DeleteBucketEncryption: as('PutEncryptionConfiguration'),
    DeleteBucketOwnershipControls: as('PutBucketOwnershipControls'),
    DeleteBucketTagging: as('PutBucketTagging'),
    DeleteObject: noted(
      'DeleteObject',
      's3:DeleteObjectVersion for a version',
      ...['DeleteObject', 'DeleteObjectVersion'],
    ),
    DeleteObjects: noted(
      'DeleteObjects',
      'what DeleteObject needs, for each object; one that is denied is an error of its own',
    ),
    DeleteObjectTagging: as('DeleteObjectTagging', 'DeleteObjectVersionTagging'),
    DeletePublicAccessBlock: as('PutBucketPublicAccessBlock'),
    GetBucketAccelerateConfiguration: as('GetAccelerateConfiguration'),
    GetBucketCors: as('GetBucketCORS'),
    GetBucketEncryption: as('GetEncryptionConfiguration'),
    GetBucketLifecycleConfiguration: as('GetLifecycleConfiguration'),
    GetBucketNotificationConfiguration: as('GetBucketNotification'),
    GetBucketReplication: as('GetReplicationConfiguration'),
    GetObject: noted(
      'GetObject',
      's3:GetObjectVersion for a version; only with s3:ListBucket is told that there is no object',
      ...['GetObject', 'GetObjectVersion'],
    ),
    GetObjectLockConfiguration: as('GetBucketObjectLockConfiguration'),
    GetObjectTagging: as('GetObjectTagging', 'GetObjectVersionTagging'),
    GetPublicAccessBlock: as('GetBucketPublicAccessBlock'),
    HeadBucket: as('ListBucket'),
    HeadObject: noted('HeadObject', 'as GetObject', ...['GetObject', 'GetObjectVersion']),
    ListBuckets: as('ListAllMyBuckets'),
    ListMultipartUploads: as('ListBucketMultipartUploads'),
    ListObjectsV2: as('ListBucket'),
    ListObjects: as('ListBucket'),
    ListObjectVersions: as('ListBucketVersions'),
    ListParts: as('ListMultipartUploadParts'),
    PutBucketEncryption: as('PutEncryptionConfiguration'),
    PutObject: noted(
      'PutObject',
      's3:PutObjectTagging only with tags, s3:PutObjectAcl only with an ACL',
      ...['PutObject', 'PutObjectTagging', 'PutObjectAcl'],
    ),
    PutObjectTagging: as('PutObjectTagging', 'PutObjectVersionTagging'),
    PutPublicAccessBlock: as('PutBucketPublicAccessBlock'),
    UploadPart: as('PutObject'),
  },
};
