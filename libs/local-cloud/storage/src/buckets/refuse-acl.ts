import { unsupported } from '@outbox/local-cloud-kernel';
import { refused } from '../errors';
import type { Ownership } from '../model';

/**
 * Lets an access control list pass that gives nobody anything: `private`, and where the owner of the bucket owns
 * everything in it `bucket-owner-full-control`. Source: S3 user guide, "Controlling ownership of objects and disabling
 * ACLs".
 * @throws AwsError AccessControlListNotSupported where AWS takes none, UnsupportedOperation for what isn't run
 */
export function refuseAcl(operation: string, acl: string, ownership: Ownership | undefined): void {
  if (acl === 'bucket-owner-full-control' && operation !== 'PutBucketAcl') return;
  if (operation !== 'CreateBucket' && ownership === 'BucketOwnerEnforced') {
    throw refused('AccessControlListNotSupported', 400, 'The bucket does not allow ACLs');
  }
  if (acl === 'private') return;
  if (ownership === 'BucketOwnerEnforced') {
    throw refused(
      'InvalidBucketAclWithObjectOwnership',
      400,
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    );
  }
  throw unsupported('s3', operation, `the ACL ${acl}`);
}
