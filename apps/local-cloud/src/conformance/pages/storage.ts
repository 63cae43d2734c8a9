import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Clients } from '../cloud';
import { each, five, type PageCase } from './page-case';

/** S3's lists, each with a marker of its own. */
export const storagePages: readonly PageCase[] = [
  {
    service: 's3',
    operation: 'ListBuckets',
    make: async (clients) => (await each(five, (name) => makeBucket(clients, `${name}-${clients.account}`)), {}),
    list: 'Buckets',
    name: 'Name',
    expected: 5,
  },
  {
    service: 's3',
    operation: 'ListObjectsV2',
    make: async (clients) => {
      const Bucket = await makeBucket(clients);
      await each(five, (Key) => clients.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' })));
      return { Bucket };
    },
    list: 'Contents',
    name: 'Key',
    expected: five,
  },
  {
    service: 's3',
    operation: 'ListParts',
    make: async (clients) => {
      const Bucket = await makeBucket(clients);
      const { UploadId } = await clients.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k' }));
      await each(five, (name) =>
        clients.s3.send(
          new UploadPartCommand({ Bucket, Key: 'k', UploadId, PartNumber: five.indexOf(name) + 1, Body: name }),
        ),
      );
      return { Bucket, Key: 'k', UploadId };
    },
    list: 'Parts',
    name: 'PartNumber',
    expected: ['1', '2', '3', '4', '5'],
  },
];

async function makeBucket({ account, s3 }: Clients, Bucket = `bucket-${account}`): Promise<string> {
  await s3.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}
