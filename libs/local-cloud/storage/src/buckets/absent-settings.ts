import { noSuchSetting } from '../errors';
import type { S3Operations } from '../s3';
import type { Buckets } from './buckets';

/**
 * Settings that no bucket has here, since what sets them is refused: read as AWS reads those that were never set. Terraform's
 * provider asks for all of them whenever it refreshes a bucket. Source: each operation's page of the S3 API reference.
 */
export function absentSettings(buckets: Buckets): S3Operations {
  const on = (action: string) => (input: { Bucket?: string | undefined }) => [buckets.requires(action, input.Bucket)];
  const none = (code: string, message: string, name: string): never => {
    throw noSuchSetting(code, message, name);
  };
  return {
    GetBucketAccelerateConfiguration: {
      requires: on('GetAccelerateConfiguration'),
      handle: (input, context) => {
        buckets.open('GetBucketAccelerateConfiguration', input, context);
        return {};
      },
    },
    GetBucketCors: {
      requires: on('GetBucketCORS'),
      handle: (input, context) => {
        const { name } = buckets.open('GetBucketCors', input, context);
        return none('NoSuchCORSConfiguration', 'The CORS configuration does not exist', name);
      },
    },
    GetBucketLifecycleConfiguration: {
      requires: on('GetLifecycleConfiguration'),
      handle: (input, context) => {
        const { name } = buckets.open('GetBucketLifecycleConfiguration', input, context);
        return none('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist', name);
      },
    },
    GetBucketLogging: {
      requires: on('GetBucketLogging'),
      handle: (input, context) => {
        buckets.open('GetBucketLogging', input, context);
        return {};
      },
    },
    GetBucketNotificationConfiguration: {
      requires: on('GetBucketNotification'),
      handle: (input, context) => {
        buckets.open('GetBucketNotificationConfiguration', input, context);
        return {};
      },
    },
    GetBucketReplication: {
      requires: on('GetReplicationConfiguration'),
      handle: (input, context) => {
        const { name } = buckets.open('GetBucketReplication', input, context);
        return none('ReplicationConfigurationNotFoundError', 'The replication configuration was not found', name);
      },
    },
    GetBucketRequestPayment: {
      requires: on('GetBucketRequestPayment'),
      handle: (input, context) => {
        buckets.open('GetBucketRequestPayment', input, context);
        return { Payer: 'BucketOwner' };
      },
    },
    GetBucketWebsite: {
      requires: on('GetBucketWebsite'),
      handle: (input, context) => {
        const { name } = buckets.open('GetBucketWebsite', input, context);
        return none('NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration', name);
      },
    },
    GetObjectLockConfiguration: {
      requires: on('GetBucketObjectLockConfiguration'),
      handle: (input, context) => {
        const { name } = buckets.open('GetObjectLockConfiguration', input, context);
        const message = 'Object Lock configuration does not exist for this bucket';
        return none('ObjectLockConfigurationNotFoundError', message, name);
      },
    },
  };
}
