import type { GetBucketAclCommandOutput, ServerSideEncryptionRule } from '@aws-sdk/client-s3';
import { unsupported } from '@outbox/local-cloud-kernel';
import { invalidArgument, malformedXml, noSuchSetting } from '../errors';
import type { BucketRecord, DefaultEncryption, Ownership, PublicAccessBlock } from '../model';
import { refuseUnknownOptions } from '../options';
import type { S3Operations } from '../s3';
import { ownerId } from './bucket-operations';
import type { Buckets } from './buckets';
import { refuseAcl } from './refuse-acl';

const SUMS = ['ContentMD5', 'ChecksumAlgorithm'];

/** What a bucket's objects are: versioned, encrypted, owned, and kept from the public. */
export function settingOperations(buckets: Buckets): S3Operations {
  const on = (action: string) => (input: { Bucket?: string | undefined }) => [buckets.requires(action, input.Bucket)];
  return {
    GetBucketVersioning: {
      requires: on('GetBucketVersioning'),
      handle: (input, context) => {
        const { versioning } = buckets.open('GetBucketVersioning', input, context);
        return versioning ? { Status: versioning } : {};
      },
    },
    PutBucketVersioning: {
      requires: on('PutBucketVersioning'),
      handle: (input, context) => {
        const bucket = buckets.open('PutBucketVersioning', input, context, [...SUMS, 'VersioningConfiguration']);
        const { MFADelete, Status } = input.VersioningConfiguration ?? {};
        if (MFADelete === 'Enabled') throw unsupported('s3', 'PutBucketVersioning', 'MFADelete');
        if (Status === undefined) {
          throw invalidArgument('The Versioning element must be specified', 'Status', '');
        }
        buckets.save({ ...bucket, versioning: Status });
        return {};
      },
    },
    GetBucketEncryption: {
      requires: on('GetEncryptionConfiguration'),
      handle: (input, context) => {
        const { encryption } = buckets.open('GetBucketEncryption', input, context);
        return { ServerSideEncryptionConfiguration: { Rules: [describeEncryption(encryption)] } };
      },
    },
    PutBucketEncryption: {
      requires: on('PutEncryptionConfiguration'),
      handle: (input, context) => {
        const options = [...SUMS, 'ServerSideEncryptionConfiguration'];
        const bucket = buckets.open('PutBucketEncryption', input, context, options);
        const [rule, ...others] = input.ServerSideEncryptionConfiguration?.Rules ?? [];
        if (!rule || others.length > 0) throw malformedXml();
        buckets.save({ ...bucket, encryption: readEncryption(rule) });
        return {};
      },
    },
    DeleteBucketEncryption: {
      requires: on('PutEncryptionConfiguration'),
      handle: (input, context) => {
        const bucket = buckets.open('DeleteBucketEncryption', input, context);
        buckets.save({ ...bucket, encryption: { algorithm: 'AES256', bucketKey: false } });
        return {};
      },
    },
    GetBucketOwnershipControls: {
      requires: on('GetBucketOwnershipControls'),
      handle: (input, context) => {
        const { name, ownership } = buckets.open('GetBucketOwnershipControls', input, context);
        if (!ownership) {
          throw noSuchSetting('OwnershipControlsNotFoundError', 'The bucket ownership controls were not found', name);
        }
        return { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } };
      },
    },
    PutBucketOwnershipControls: {
      requires: on('PutBucketOwnershipControls'),
      handle: (input, context) => {
        const options = [...SUMS, 'OwnershipControls'];
        const bucket = buckets.open('PutBucketOwnershipControls', input, context, options);
        const [rule, ...others] = input.OwnershipControls?.Rules ?? [];
        if (!rule?.ObjectOwnership || others.length > 0) throw malformedXml();
        buckets.save({ ...bucket, ownership: rule.ObjectOwnership });
        return {};
      },
    },
    DeleteBucketOwnershipControls: {
      requires: on('PutBucketOwnershipControls'),
      handle: (input, context) => {
        const { ownership: _, ...bucket } = buckets.open('DeleteBucketOwnershipControls', input, context);
        buckets.save(bucket);
        return {};
      },
    },
    GetPublicAccessBlock: {
      requires: on('GetBucketPublicAccessBlock'),
      handle: (input, context) => {
        const { name, publicAccess } = buckets.open('GetPublicAccessBlock', input, context);
        if (!publicAccess) {
          const message = 'The public access block configuration was not found';
          throw noSuchSetting('NoSuchPublicAccessBlockConfiguration', message, name);
        }
        return { PublicAccessBlockConfiguration: publicAccess };
      },
    },
    PutPublicAccessBlock: {
      requires: on('PutBucketPublicAccessBlock'),
      handle: (input, context) => {
        const options = [...SUMS, 'PublicAccessBlockConfiguration'];
        const bucket = buckets.open('PutPublicAccessBlock', input, context, options);
        buckets.save({ ...bucket, publicAccess: readPublicAccess(input.PublicAccessBlockConfiguration ?? {}) });
        return {};
      },
    },
    DeletePublicAccessBlock: {
      requires: on('PutBucketPublicAccessBlock'),
      handle: (input, context) => {
        const { publicAccess: _, ...bucket } = buckets.open('DeletePublicAccessBlock', input, context);
        buckets.save(bucket);
        return {};
      },
    },
    GetBucketAcl: {
      requires: on('GetBucketAcl'),
      handle: (input, context) => privateAcl(buckets.open('GetBucketAcl', input, context)),
    },
    PutBucketAcl: {
      requires: on('PutBucketAcl'),
      handle: (input, context) => {
        const { ownership } = buckets.open('PutBucketAcl', input, context, [...SUMS, 'ACL', 'AccessControlPolicy']);
        if (input.AccessControlPolicy) throw unsupported('s3', 'PutBucketAcl', 'an AccessControlPolicy');
        refuseAcl('PutBucketAcl', input.ACL ?? 'private', ownership as Ownership | undefined);
        return {};
      },
    },
  };
}

/** The list of a bucket that nobody but its owner has anything of. */
function privateAcl({ accountId }: BucketRecord): Omit<GetBucketAclCommandOutput, '$metadata'> {
  const owner = { ID: ownerId(accountId) };
  return { Owner: owner, Grants: [{ Grantee: { ...owner, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }] };
}

function describeEncryption({ algorithm, bucketKey, keyId }: DefaultEncryption): ServerSideEncryptionRule {
  return {
    ApplyServerSideEncryptionByDefault: {
      SSEAlgorithm: algorithm,
      ...(keyId === undefined ? {} : { KMSMasterKeyID: keyId }),
    },
    BucketKeyEnabled: bucketKey,
  };
}

function readEncryption(rule: ServerSideEncryptionRule): DefaultEncryption {
  const operation = 'PutBucketEncryption';
  refuseUnknownOptions('s3', operation, rule, ['ApplyServerSideEncryptionByDefault', 'BucketKeyEnabled']);
  const { KMSMasterKeyID: keyId, SSEAlgorithm: algorithm } = rule.ApplyServerSideEncryptionByDefault ?? {};
  if (algorithm === undefined) throw malformedXml();
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms') {
    throw unsupported('s3', operation, `the algorithm ${algorithm}`);
  }
  if (algorithm === 'AES256' && keyId !== undefined) {
    throw invalidArgument(
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      'ApplyServerSideEncryptionByDefault',
      keyId,
    );
  }
  return { algorithm, bucketKey: rule.BucketKeyEnabled ?? false, ...(keyId === undefined ? {} : { keyId }) };
}

/** What isn't said is off. */
function readPublicAccess(given: { readonly [Name in keyof PublicAccessBlock]?: boolean | undefined }) {
  const { BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets } = given;
  return {
    BlockPublicAcls: BlockPublicAcls ?? false,
    IgnorePublicAcls: IgnorePublicAcls ?? false,
    BlockPublicPolicy: BlockPublicPolicy ?? false,
    RestrictPublicBuckets: RestrictPublicBuckets ?? false,
  };
}
