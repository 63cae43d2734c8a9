import type { Engine, RequestContext, Requirement } from '@outbox/local-cloud-kernel';
import { checkText } from '../constraints';
import { isPending, isUpdating } from '../describe';
import { conflict, invalidParameter, revisionMismatch } from '../errors';
import type { FunctionRecord } from '../model';
import { functionArn } from '../names';

/** Source: CreateFunction, "Role". */
const ROLE = 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+';

/** Handing a role to a service is a permission of its own. Source: IAM user guide, iam:PassRole. */
export function passRole(role: string | undefined, context: RequestContext, service: string): Requirement[] {
  if (!role) return [];
  return [{ action: 'iam:PassRole', resource: role, conditions: { 'iam:PassedToService': service } }];
}

/** A function may have only layers that its maker may read. Source: Lambda developer guide, "Adding layers to functions". */
export function useLayers(arns: readonly string[] = []): Requirement[] {
  return arns.map((arn) => ({ action: 'lambda:GetLayerVersion', resource: arn }));
}

/** @throws AwsError in the words that make Terraform try again while a new role settles. */
export function checkRole(engine: Engine, role: string): void {
  checkText(role, 'role', { pattern: ROLE });
  try {
    engine.identity.assumeRole(role, 'lambda.amazonaws.com', 'create-check');
  } catch (error) {
    engine.log('debug', 'role refused', { role, reason: error instanceof Error ? error.message : String(error) });
    throw invalidParameter('The role defined for the function cannot be assumed by Lambda.');
  }
}

/** The function without what was said of a version or an alias that goes: its policy, and how it is invoked. */
export function withoutQualifier(record: FunctionRecord, qualifier: string): FunctionRecord {
  const { [qualifier]: _policy, ...policies } = record.policies;
  const { [qualifier]: _config, ...invokeConfigs } = record.invokeConfigs;
  return { ...record, policies, invokeConfigs };
}

/** @throws AwsError `ResourceConflictException` while an earlier change still settles, 412 for a stale RevisionId. */
export function assertChangeable(record: FunctionRecord, revisionId: string | undefined, now: number): void {
  if (isPending(record.latest, now)) {
    throw conflict(
      `The operation cannot be performed at this time. The function is currently in the following state: Pending`,
    );
  }
  if (isUpdating(record.latest, now)) {
    throw conflict(
      `The operation cannot be performed at this time. An update is in progress for resource: ${functionArn(record)}`,
    );
  }
  if (revisionId !== undefined && revisionId !== record.latest.revisionId) throw revisionMismatch();
}
