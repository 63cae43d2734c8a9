import type { Engine, RequestContext } from '@outbox/local-cloud-kernel';
import { accessDenied, noSuchSetting, refused } from '../errors';
import { MAX_POLICY_BYTES } from '../limits';
import { bucketArn } from '../model';
import type { S3Operations } from '../s3';
import type { Buckets, OnBucket } from './buckets';
import { isPublicPolicy } from './public-policy';

/** Policies of buckets. */
export function policyOperations(engine: Pick<Engine, 'identity'>, buckets: Buckets): S3Operations {
  const on = (action: string) => (input: { Bucket?: string | undefined }) => [buckets.requires(action, input.Bucket)];
  // Nobody locks out the account that owns the bucket. Source: S3 API reference, PutBucketPolicy.
  const onOwn =
    (action: string) =>
    (input: OnBucket, { caller }: RequestContext) => {
      const requirement = buckets.requires(action, input.Bucket);
      const isOwner = caller.kind === 'root' && caller.accountId === requirement.owner;
      return [isOwner ? { ...requirement, resourcePolicy: undefined } : requirement];
    };
  const read = (name: string, policy: string | undefined): string => {
    if (policy === undefined) throw noSuchSetting('NoSuchBucketPolicy', 'The bucket policy does not exist', name);
    return policy;
  };
  return {
    GetBucketPolicy: {
      requires: onOwn('GetBucketPolicy'),
      handle: (input, context) => {
        const { name, policy } = buckets.open('GetBucketPolicy', input, context);
        return { Policy: read(name, policy) };
      },
    },
    GetBucketPolicyStatus: {
      requires: on('GetBucketPolicyStatus'),
      handle: (input, context) => {
        const { name, policy } = buckets.open('GetBucketPolicyStatus', input, context);
        return { PolicyStatus: { IsPublic: isPublicPolicy(read(name, policy)) } };
      },
    },
    PutBucketPolicy: {
      requires: onOwn('PutBucketPolicy'),
      handle: (input, context) => {
        const options = ['Policy', 'ContentMD5', 'ChecksumAlgorithm', 'ConfirmRemoveSelfBucketAccess'];
        const bucket = buckets.open('PutBucketPolicy', input, context, options);
        const policy = input.Policy ?? '';
        checkPolicy(engine, bucket.name, policy);
        if (bucket.publicAccess?.BlockPublicPolicy && isPublicPolicy(policy)) {
          throw accessDenied(
            `User: ${context.caller.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucketArn(bucket.name)}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
          );
        }
        buckets.save({ ...bucket, policy });
        return {};
      },
    },
    DeleteBucketPolicy: {
      requires: onOwn('DeleteBucketPolicy'),
      handle: (input, context) => {
        const { policy: _, ...bucket } = buckets.open('DeleteBucketPolicy', input, context);
        buckets.save(bucket);
        return {};
      },
    },
  };
}

function checkPolicy({ identity }: Pick<Engine, 'identity'>, bucket: string, policy: string): void {
  const malformed = (message: string) => refused('MalformedPolicy', 400, message);
  if (Buffer.byteLength(policy) > MAX_POLICY_BYTES) throw malformed('Policies must not be larger than 20 KB');
  const problem = identity.resourcePolicyProblem(policy);
  if (problem !== undefined) throw malformed(problem);
  const { Statement } = JSON.parse(policy) as { Statement: Statement | readonly Statement[] };
  const resources = [Statement].flat().flatMap((each) => ('Resource' in each ? [each.Resource].flat() : []));
  const own = bucketArn(bucket);
  const isOwn = (resource: unknown): boolean =>
    typeof resource === 'string' && (resource === own || resource.startsWith(`${own}/`) || coversBucket(resource, own));
  if (!resources.every(isOwn)) throw malformed('Policy has invalid resource');
}

interface Statement {
  readonly Resource?: unknown;
}

/** `arn:aws:s3:::*` and its like name this bucket among others. */
function coversBucket(resource: string, own: string): boolean {
  const [bucket = ''] = resource.slice('arn:aws:s3:::'.length).split('/');
  const pattern = bucket
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return resource.startsWith('arn:aws:s3:::') && new RegExp(`^${pattern}$`).test(own.slice('arn:aws:s3:::'.length));
}
