import type { Grant } from './grant';

const GUIDE = 'https://docs.aws.amazon.com';

/** What objects, and code that is one, need of whom. */
export const S3_GRANTS: readonly Grant[] = [
  {
    of: 'function’s or layer’s code in S3',
    by: 'whoever makes or changes the function, or publishes the layer',
    actions: ['s3:GetObject'],
    on: 'the object; s3:GetObjectVersion on a version',
    checked: ['created'],
    source: `${GUIDE}/lambda/latest/api/API_FunctionCode.html`,
  },
  {
    of: 'object under a customer’s key',
    by: 'whoever puts or gets it',
    actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    on: 'the key, under `aws:s3:arn`',
    checked: ['used'],
    source: `${GUIDE}/AmazonS3/latest/userguide/UsingKMSEncryption.html`,
  },
];
