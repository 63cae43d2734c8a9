import { asksForSomething, unsupported } from '@outbox/local-cloud-kernel';

/**
 * Options that every operation takes: who has to own the bucket, which is checked where it is looked up; and that the
 * caller pays, which nobody asks for where no bucket has its requesters pay.
 */
const COMMON = ['Bucket', 'ExpectedBucketOwner', 'RequestPayer'];

/**
 * Refuses a request, or a part of one, that sets anything but `known`; a member that asks for nothing counts as not sent.
 * @throws AwsError UnsupportedOperation naming the option
 */
export function refuseUnknownOptions(
  service: string,
  operation: string,
  input: object,
  known: readonly string[],
): void {
  for (const [name, value] of Object.entries(input)) {
    if (COMMON.includes(name) || known.includes(name) || !asksForSomething(value)) continue;
    throw unsupported(service, operation, `the option ${name}`);
  }
}
