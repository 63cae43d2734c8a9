import type { Caller, Engine, Requirement } from '@outbox/local-cloud-kernel';
import { parsePolicy, type PolicyDocument, type Statement } from '../policy/document';
import { evaluate, type Question, type Verdict } from '../policy/evaluate';
import type { RoleRecord } from '../iam/model';
import type { RoleStore } from '../iam/role-store';
import { accessDenied, type DenialReason } from './denial';
import type { Denials } from './denials';
import { placeOf, requestKeys } from './request-keys';
import type { Usage } from './usage';

/** Why a request is denied, and by which statement where one denies it. */
interface Refusal {
  readonly reason: DenialReason;
  readonly by?: Statement;
}

const NOTHING: Verdict = { deniedBy: undefined, allowed: false, accountAllowed: false };

/** IAM has one endpoint for all regions. Source: IAM user guide, `aws:RequestedRegion`. */
const IAM_REGION = 'us-east-1';

/**
 * Decides as AWS does: an explicit deny wins; within an account either an identity or a resource policy allows;
 * across accounts both must; a service is allowed by the resource's policy only. A KMS key's policy must allow the
 * caller, or its account, whose policies then decide. A role's permissions boundary must allow what its policies, or a
 * resource's, grant to the role; not what a resource's policy grants to its session by name.
 * Source: IAM user guide, "Policy evaluation logic".
 */
export class Authorizer {
  constructor(
    private readonly clock: Engine['clock'],
    private readonly roles: RoleStore,
    private readonly usage: Usage,
    private readonly denials: Denials,
  ) {}

  /** @throws AwsError `AccessDeniedException` at the first requirement that isn't met. */
  authorize(caller: Caller, requirements: readonly Requirement[], service: string, region?: string): void {
    for (const requirement of requirements) {
      const { action, resource } = requirement;
      const role = caller.roleArn ? this.roles.byArn(caller.roleArn) : undefined;
      const keys = requestKeys(caller, requirement, {
        now: this.clock.now(),
        region: service === 'iam' ? IAM_REGION : region,
        principalTags: role?.tags,
      });
      const question: Question = { caller, action, resource, keys };
      const policy = requirement.resourcePolicy;
      const byResource = policy ? evaluate([parsePolicy(policy, 'resource')], question) : NOTHING;
      const refusal = this.#deny(question, requirement, role, byResource);
      if (refusal) {
        const error = accessDenied(caller, requirement, service, refusal.reason);
        const { message } = error;
        this.denials.record({ principal: caller.roleArn ?? caller.arn, action, resource, message }, refusal.by?.sid);
        throw error;
      }
      // In one account either policy is enough: what the resource's allows, the role's own need not.
      const isRedundant = byResource.allowed && role?.accountId === ownerOf(requirement);
      if (role && !isRedundant) this.usage.record(role, action, resource);
    }
  }

  #deny(
    question: Question,
    requirement: Requirement,
    role: RoleRecord | undefined,
    resource: Verdict,
  ): Refusal | undefined {
    const { caller } = question;
    if (caller.kind === 'service') {
      if (resource.deniedBy) return { reason: 'explicit-resource', by: resource.deniedBy };
      return resource.allowed ? undefined : { reason: 'no-resource' };
    }
    const identity = caller.kind === 'root' ? undefined : evaluate(this.#policiesOf(role), question);
    if (identity?.deniedBy) return { reason: 'explicit-identity', by: identity.deniedBy };
    if (resource.deniedBy) return { reason: 'explicit-resource', by: resource.deniedBy };
    const boundary = this.#boundaryOf(role, question);
    if (boundary?.deniedBy) return { reason: 'explicit-boundary', by: boundary.deniedBy };
    const refusal = this.#notAllowed(question, requirement, identity, resource);
    if (refusal || boundary?.allowed !== false || isGrantedToSession(requirement, question)) return refusal;
    return { reason: 'no-boundary' };
  }

  #notAllowed(
    { caller }: Question,
    requirement: Requirement,
    identity: Verdict | undefined,
    resource: Verdict,
  ): Refusal | undefined {
    // The account's admin key stands for an administrator: everything in its own account.
    const identityAllows = identity?.allowed ?? true;
    const owner = ownerOf(requirement);
    // What AWS itself owns (its managed policies) is every account's to read and attach.
    const isOwn = owner === '' || owner === 'aws' || owner === caller.accountId;
    if (isOwn && requirement.resourcePolicyDecides === true) {
      if (resource.allowed) return undefined;
      if (!resource.accountAllowed) return { reason: 'no-resource' };
      return identityAllows ? undefined : { reason: 'no-identity' };
    }
    if (isOwn) {
      return identityAllows || resource.allowed ? undefined : { reason: 'no-identity' };
    }
    if (!resource.allowed && !resource.accountAllowed) return { reason: 'no-resource' };
    return identityAllows ? undefined : { reason: 'no-identity' };
  }

  #boundaryOf(role: RoleRecord | undefined, question: Question): Verdict | undefined {
    const text = role && this.roles.boundaryText(role);
    return text === undefined ? undefined : evaluate([parsePolicy(text, 'identity')], question);
  }

  #policiesOf(role: RoleRecord | undefined): PolicyDocument[] {
    return role ? this.roles.policyTexts(role).map((text) => parsePolicy(text, 'identity')) : [];
  }
}

/** Whether the resource's policy names the very session, in an account that is its own. */
function isGrantedToSession(requirement: Requirement, question: Question): boolean {
  const { resourcePolicy } = requirement;
  if (!resourcePolicy || ownerOf(requirement) !== question.caller.accountId) return false;
  const document = parsePolicy(resourcePolicy, 'resource');
  const statements = document.statements.filter(({ principals }) => principals?.aws.includes(question.caller.arn));
  return evaluate([{ ...document, statements }], question).allowed;
}

/** The account of a resource; empty where nothing tells it. */
function ownerOf({ owner, resource }: Requirement): string {
  return owner ?? placeOf(resource).accountId;
}
