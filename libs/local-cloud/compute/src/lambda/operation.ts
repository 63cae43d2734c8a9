import type { RequestContext, Requirement, Service } from '@outbox/local-cloud-kernel';
import { functionArn, parseFunctionName } from './names';

export type LambdaOperations = Service<'lambda'>['operations'];

/**
 * The usual requirement of a function's operations: `action` on the function's ARN, qualified as the request names it.
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Lambda".
 */
export function onFunction(action: string) {
  return (
    input: { FunctionName?: string | undefined; Qualifier?: string | undefined },
    context: RequestContext,
  ): readonly Requirement[] => {
    const at = parseFunctionName(input.FunctionName, context, input.Qualifier);
    return [{ action: `lambda:${action}`, resource: functionArn(at, at.qualifier) }];
  };
}

/** An action AWS grants on `*` only. */
export function onAll(action: string) {
  return (): readonly Requirement[] => [{ action: `lambda:${action}`, resource: '*' }];
}
