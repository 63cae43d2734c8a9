import { AwsError, type Caller, type Requirement } from '@outbox/local-cloud-kernel';

/** Why a request is denied, as AWS's message tells it. */
export type DenialReason =
  'explicit-identity' | 'explicit-resource' | 'explicit-boundary' | 'no-identity' | 'no-resource' | 'no-boundary';

/** Services that answer 403; the JSON-RPC services answer 400. Seen in SDK error metadata. */
const FORBIDDEN = new Set([
  'sqs',
  'sns',
  'iam',
  'sts',
  'cloudwatch',
  'lambda',
  'pipes',
  'scheduler',
  'apigatewayv2',
  'execute-api',
  's3',
]);

/**
 * AWS's denial: principal, action, resource and the kind of policy that decided.
 * Source: IAM user guide, "Troubleshoot access denied error messages".
 */
export function accessDenied(
  caller: Caller,
  requirement: Pick<Requirement, 'action' | 'resource'>,
  service: string,
  reason: DenialReason,
): AwsError {
  const action = writtenAs(requirement.action, service);
  // S3 alone puts the resource in quotes.
  const quoted = service === 's3' ? `"${requirement.resource}"` : requirement.resource;
  return new AwsError(
    service === 'sns' ? 'AuthorizationErrorException' : 'AccessDeniedException',
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${quoted} ${because(reason, action)}`,
    {
      status: FORBIDDEN.has(service) ? 403 : 400,
      queryCode: service === 'sns' ? 'AuthorizationError' : 'AccessDenied',
    },
  );
}

/** SQS writes its actions in lower case (`sqs:sendmessage`), SNS its own name in upper case, unlike all others. */
function writtenAs(action: string, service: string): string {
  if (service === 'sqs') return action.toLowerCase();
  return service === 'sns' ? action.replace(/^sns:/, 'SNS:') : action;
}

/** A role's trust policy is its resource policy, and called by its name. */
function because(reason: DenialReason, action: string): string {
  const isTrust = action === 'sts:AssumeRole';
  switch (reason) {
    case 'explicit-identity':
      return 'with an explicit deny in an identity-based policy';
    case 'explicit-resource':
      return `with an explicit deny in ${isTrust ? 'the role trust policy' : 'a resource-based policy'}`;
    case 'explicit-boundary':
      return 'with an explicit deny in a permissions boundary';
    case 'no-identity':
      return `because no identity-based policy allows the ${action} action`;
    case 'no-resource':
      return `because no ${isTrust ? 'role trust' : 'resource-based'} policy allows the ${action} action`;
    case 'no-boundary':
      return `because no permissions boundary allows the ${action} action`;
  }
}
