import type { Engine, RequestContext, Requirement, Table } from '@outbox/local-cloud-kernel';
import { accessDenied, noSuchBucket, refused } from '../errors';
import { bucketArn, objectArn, type BucketRecord } from '../model';
import { refuseUnknownOptions } from '../options';
import { isPublicPolicy } from './public-policy';

/** What every operation on a bucket says. */
export interface OnBucket {
  readonly Bucket?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/** Buckets of all accounts and regions, which share their names. */
export class Buckets {
  readonly #table: Table<BucketRecord>;

  constructor(engine: Pick<Engine, 'store'>) {
    this.#table = engine.store.table('s3.buckets');
  }

  find(name: string | undefined): BucketRecord | undefined {
    return name === undefined ? undefined : this.#table.get(name);
  }

  /** A bucket as it is now. @throws AwsError NoSuchBucket where it was deleted meanwhile */
  current({ name }: Pick<BucketRecord, 'name'>): BucketRecord {
    const bucket = this.find(name);
    if (!bucket) throw noSuchBucket(name);
    return bucket;
  }

  save(bucket: BucketRecord): void {
    this.#table.set(bucket.name, bucket);
  }

  delete({ name }: BucketRecord): void {
    this.#table.delete(name);
  }

  /** Of one account, in order of their names. */
  of(accountId: string): BucketRecord[] {
    return [...this.#table.values()]
      .filter((bucket) => bucket.accountId === accountId)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * The bucket of a request that takes no options but `known`.
   * @throws AwsError NoSuchBucket; PermanentRedirect for one of another region; AccessDenied for an unexpected owner
   */
  open(operation: string, input: OnBucket, context: RequestContext, known: readonly string[] = []): BucketRecord {
    refuseUnknownOptions('s3', operation, input, known);
    const name = input.Bucket ?? '';
    const bucket = this.current({ name });
    if (bucket.region !== context.region) throw otherRegion(bucket);
    if (input.ExpectedBucketOwner !== undefined && input.ExpectedBucketOwner !== bucket.accountId) throw accessDenied();
    return bucket;
  }

  /** An action on a bucket, or on an object in it. */
  requires(
    action: string,
    name: string | undefined,
    key?: string,
    conditions: Requirement['conditions'] = {},
  ): Requirement {
    const bucket = this.find(name);
    return {
      action: `s3:${action}`,
      resource: key === undefined ? bucketArn(name ?? '') : objectArn(name ?? '', key),
      owner: bucket?.accountId,
      resourcePolicy: bucket && effectivePolicy(bucket),
      conditions: { ...(bucket ? { 's3:ResourceAccount': bucket.accountId } : {}), ...conditions },
    };
  }
}

/**
 * A bucket's policy as it counts: while public buckets are restricted, one that is public lets in no other account,
 * named or not, only services. Source: S3 user guide, "Blocking public access to your Amazon S3 storage",
 * RestrictPublicBuckets.
 */
function effectivePolicy({ accountId, policy, publicAccess }: BucketRecord): string | undefined {
  if (policy === undefined || !publicAccess?.RestrictPublicBuckets || !isPublicPolicy(policy)) return policy;
  const { Statement, ...rest } = JSON.parse(policy) as { readonly Statement: object | readonly object[] };
  const restriction = {
    Sid: 'RestrictPublicBuckets',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: '*',
    Condition: {
      StringNotEquals: { 'aws:PrincipalAccount': accountId },
      Bool: { 'aws:PrincipalIsAWSService': 'false' },
    },
  };
  return JSON.stringify({ ...rest, Statement: [Statement, restriction].flat() });
}

/** Source: S3 user guide, "Making requests": the answer to a request for a bucket of another region. */
function otherRegion({ region }: BucketRecord) {
  const error = refused(
    'PermanentRedirect',
    301,
    `The bucket is in this region: ${region}. Please use this region to retry the request`,
  );
  Object.assign(error.members, { headers: { 'x-amz-bucket-region': region } });
  return error;
}
