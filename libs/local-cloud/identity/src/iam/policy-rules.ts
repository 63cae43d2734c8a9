import type { PolicyDocument, Statement } from '../policy/document';
import { PolicySyntaxError } from '../policy/policy-syntax-error';
import { unknownPrincipal, type KnownRoles } from './principals';

/**
 * What IAM demands of a policy beyond the grammar all policies have. It is checked as a policy comes in, not as it is
 * evaluated. Source: IAM user guide, "IAM JSON policy element reference" (Sid, Resource, Condition).
 * @throws PolicySyntaxError
 */
export function checkIdentityRules({ statements }: PolicyDocument): void {
  checkStatements(statements);
  for (const { resources, notResources } of statements) {
    for (const resource of resources ?? notResources ?? []) checkResource(resource);
  }
}

/**
 * Likewise of a role's trust policy, whose principals have to exist. Source: IAM user guide, "Principal"; STS actions.
 * @throws PolicySyntaxError
 */
export function checkTrustRules(document: PolicyDocument, roles: KnownRoles): void {
  checkStatements(document.statements);
  for (const { actions, notActions, notPrincipals } of document.statements) {
    if (notPrincipals) throw new PolicySyntaxError('Has prohibited field NotPrincipal');
    if (![...(actions ?? []), ...(notActions ?? [])].every((action) => /^sts:/i.test(action))) {
      throw new PolicySyntaxError('AssumeRole policy may only specify STS AssumeRole actions.');
    }
  }
  const unknown = unknownPrincipal(document, roles);
  if (unknown !== undefined) throw new PolicySyntaxError(`Invalid principal in policy: ${unknown}`);
}

function checkStatements(statements: readonly Statement[]): void {
  const sids = statements.flatMap(({ sid }) => sid ?? []);
  if (!sids.every((sid) => /^[0-9A-Za-z]*$/.test(sid))) {
    throw new PolicySyntaxError(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    );
  }
  if (new Set(sids).size < sids.length) {
    throw new PolicySyntaxError('Statement IDs (SID) in a single policy must be unique.');
  }
  if (!statements.every(({ conditions }) => conditions.every(({ key }) => /^[a-z0-9-]+:./.test(key)))) {
    throw new PolicySyntaxError('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  }
}

function checkResource(resource: string): void {
  if (resource === '*') return;
  if (!resource.startsWith('arn:')) throw new PolicySyntaxError(`Resource ${resource} must be in ARN format or "*".`);
  // A variable's own colons don't separate.
  const [, partition = '', ...rest] = resource.replace(/\$\{[^}]*\}/g, '*').split(':');
  if (!/^(aws(-[a-z-]+)?|.*\*.*)$/.test(partition)) {
    throw new PolicySyntaxError(`Partition "${partition}" is not valid for resource "${resource}".`);
  }
  if (rest.length < 4 && !resource.endsWith('*')) throw new PolicySyntaxError('The policy failed legacy parsing');
}
