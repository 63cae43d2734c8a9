import type { CreateBucketCommandInput } from '@aws-sdk/client-s3';
import { pageAt, requestTagKeys, tagList, type Engine, type RequestContext } from '@outbox/local-cloud-kernel';
import { invalidArgument, refused } from '../errors';
import { MAX_BUCKET_TAGS, MAX_BUCKETS } from '../limits';
import { bucketArn, type BucketRecord, type Ownership } from '../model';
import type { Uploads } from '../multipart/uploads';
import type { Objects } from '../objects/objects';
import { refuseUnknownOptions } from '../options';
import type { S3Operations } from '../s3';
import { readTags } from '../tags';
import type { Buckets } from './buckets';
import { refuseAcl } from './refuse-acl';

/** The region that has no name in requests, and that alone takes a bucket twice. */
const FIRST_REGION = 'us-east-1';

/** Buckets: made, found, deleted; where they are, and what they are tagged with. */
export function bucketOperations(
  engine: Pick<Engine, 'clock'>,
  buckets: Buckets,
  objects: Objects,
  uploads: Uploads,
): S3Operations {
  return {
    CreateBucket: {
      requires: (input) => {
        const tags = readTags(input.CreateBucketConfiguration?.Tags, MAX_BUCKET_TAGS);
        return [
          { ...buckets.requires('CreateBucket', input.Bucket), owner: undefined, resourcePolicy: undefined },
          ...(Object.keys(tags).length > 0
            ? [{ action: 's3:TagResource', resource: bucketArn(input.Bucket ?? ''), conditions: requestTagKeys(tags) }]
            : []),
          ...(input.ObjectOwnership === undefined
            ? []
            : [{ action: 's3:PutBucketOwnershipControls', resource: bucketArn(input.Bucket ?? '') }]),
        ];
      },
      handle: (input, context) => {
        refuseUnknownOptions('s3', 'CreateBucket', input, ['ACL', 'CreateBucketConfiguration', 'ObjectOwnership']);
        const name = input.Bucket ?? '';
        checkName(name);
        checkPlace(input, context);
        const ownership: Ownership = input.ObjectOwnership ?? 'BucketOwnerEnforced';
        if (input.ACL !== undefined) refuseAcl('CreateBucket', input.ACL, ownership);
        const known = buckets.find(name);
        if (known && !isOwnAgain(known, context)) throw taken(known, context);
        buckets.save({
          ...(known ?? { ...newBucket(name, context), createdAt: engine.clock.now() }),
          ...(known ? {} : { ownership, tags: readTags(input.CreateBucketConfiguration?.Tags, MAX_BUCKET_TAGS) }),
        });
        return { Location: `/${name}`, BucketArn: bucketArn(name) };
      },
    },
    DeleteBucket: {
      requires: (input) => [buckets.requires('DeleteBucket', input.Bucket)],
      handle: (input, context) => {
        const bucket = buckets.open('DeleteBucket', input, context);
        if (!objects.isEmpty(bucket.name)) {
          const versions = bucket.versioning ? ' You must delete all versions in the bucket.' : '';
          throw refused('BucketNotEmpty', 409, `The bucket you tried to delete is not empty.${versions}`);
        }
        uploads.endAll(bucket.name);
        buckets.delete(bucket);
        return {};
      },
    },
    HeadBucket: {
      requires: (input) => [buckets.requires('ListBucket', input.Bucket)],
      handle: (input, context) => {
        const { name, region } = buckets.open('HeadBucket', input, context);
        return { BucketRegion: region, BucketArn: bucketArn(name), AccessPointAlias: false };
      },
    },
    ListBuckets: {
      requires: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
      handle: (input, context) => {
        refuseUnknownOptions('s3', 'ListBuckets', input, ['MaxBuckets', 'ContinuationToken', 'Prefix', 'BucketRegion']);
        const { ContinuationToken, MaxBuckets = MAX_BUCKETS, Prefix = '', BucketRegion } = input;
        const found = buckets
          .of(context.accountId)
          .filter(({ name, region }) => name.startsWith(Prefix) && (BucketRegion ?? region) === region);
        const { items, next } = pageAt(found, ContinuationToken, MaxBuckets, () =>
          invalidArgument(
            'The continuation token provided is incorrect',
            'continuation-token',
            ContinuationToken ?? '',
          ),
        );
        return {
          Buckets: items.map(({ name, createdAt, region }) => ({
            Name: name,
            CreationDate: new Date(createdAt),
            BucketRegion: region,
            BucketArn: bucketArn(name),
          })),
          Owner: { ID: ownerId(context.accountId) },
          ...(next === undefined ? {} : { ContinuationToken: next }),
          ...(input.Prefix === undefined ? {} : { Prefix }),
        };
      },
    },
    GetBucketLocation: {
      requires: (input) => [buckets.requires('GetBucketLocation', input.Bucket)],
      handle: (input, context) => {
        const { region } = buckets.open('GetBucketLocation', input, context);
        return region === FIRST_REGION ? {} : { LocationConstraint: region as 'eu-west-1' };
      },
    },
    GetBucketTagging: {
      requires: (input) => [buckets.requires('GetBucketTagging', input.Bucket)],
      handle: (input, context) => {
        const { tags } = buckets.open('GetBucketTagging', input, context);
        if (Object.keys(tags).length === 0) throw refused('NoSuchTagSet', 404, 'The TagSet does not exist');
        return { TagSet: tagList(tags) };
      },
    },
    PutBucketTagging: {
      requires: (input) => [
        buckets.requires(
          'PutBucketTagging',
          input.Bucket,
          undefined,
          requestTagKeys(readTags(input.Tagging?.TagSet, MAX_BUCKET_TAGS)),
        ),
      ],
      handle: (input, context) => {
        const options = ['Tagging', 'ContentMD5', 'ChecksumAlgorithm'];
        const bucket = buckets.open('PutBucketTagging', input, context, options);
        buckets.save({ ...bucket, tags: readTags(input.Tagging?.TagSet, MAX_BUCKET_TAGS) });
        return {};
      },
    },
    DeleteBucketTagging: {
      requires: (input) => [buckets.requires('PutBucketTagging', input.Bucket)],
      handle: (input, context) => {
        buckets.save({ ...buckets.open('DeleteBucketTagging', input, context), tags: {} });
        return {};
      },
    },
  };
}

/** Who owns what an account has: S3 has an id of 64 digits for that, which is no account's number. */
export function ownerId(accountId: string): string {
  return accountId.padStart(64, '0');
}

function newBucket(name: string, { accountId, region }: RequestContext): Omit<BucketRecord, 'createdAt'> {
  const publicAccess = {
    ...{ BlockPublicAcls: true, IgnorePublicAcls: true },
    ...{ BlockPublicPolicy: true, RestrictPublicBuckets: true },
  };
  const encryption = { algorithm: 'AES256', bucketKey: false } as const;
  return { name, accountId, region, tags: {}, publicAccess, encryption };
}

/** Source: S3 user guide, "General purpose bucket naming rules". */
function checkName(name: string): void {
  const isName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !/\.\.|^\d+\.\d+\.\d+\.\d+$/.test(name);
  if (isName && !/^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name)) return;
  throw refused('InvalidBucketName', 400, 'The specified bucket is not valid.');
}

/** Source: S3 API reference, CreateBucket, LocationConstraint. */
function checkPlace({ CreateBucketConfiguration: wanted }: CreateBucketCommandInput, { region }: RequestContext): void {
  refuseUnknownOptions('s3', 'CreateBucket', wanted ?? {}, ['LocationConstraint', 'Tags']);
  const place: string | undefined = wanted?.LocationConstraint;
  if (place === undefined && region === FIRST_REGION) return;
  if (place === region && region !== FIRST_REGION) return;
  if (place === FIRST_REGION) {
    throw refused('InvalidLocationConstraint', 400, 'The specified location-constraint is not valid');
  }
  throw refused(
    'IllegalLocationConstraintException',
    400,
    `The ${place ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}

function isOwnAgain(known: BucketRecord, { accountId, region }: RequestContext): boolean {
  return known.accountId === accountId && region === FIRST_REGION && known.region === FIRST_REGION;
}

function taken({ accountId }: BucketRecord, context: RequestContext) {
  return accountId === context.accountId
    ? refused(
        'BucketAlreadyOwnedByYou',
        409,
        'Your previous request to create the named bucket succeeded and you already own it.',
      )
    : refused(
        'BucketAlreadyExists',
        409,
        'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      );
}
