import { asksForSomething, unsupported } from '@outbox/local-cloud-kernel';

/**
 * Refuses a request that sets an option this engine does not run, instead of accepting it silently.
 * `known` are the members that are handled; a member that asks for nothing counts as not sent.
 * @throws AwsError `UnsupportedOperation` naming the option.
 */
export function refuseUnknownOptions(
  service: string,
  operation: string,
  input: object,
  known: readonly string[],
): void {
  for (const [name, value] of Object.entries(input)) {
    if (known.includes(name) || !asksForSomething(value)) continue;
    throw unsupported(service, operation, `the option ${name}`);
  }
}
