import type { Engine, Service } from '@outbox/local-cloud-kernel';
import { boundaryOperations } from './boundary-operations';
import { policyOperations } from './policy-operations';
import type { PolicyStore } from './policy-store';
import { policyVersionOperations } from './policy-version-operations';
import { roleOperations } from './role-operations';
import { rolePolicyOperations } from './role-policy-operations';
import type { RoleStore } from './role-store';

/** IAM as far as roles need it. Users, groups and instance profiles are refused by name. */
export function iam(engine: Pick<Engine, 'clock' | 'ids'>, roles: RoleStore, policies: PolicyStore): Service<'iam'> {
  return {
    name: 'iam',
    operations: {
      ...roleOperations(engine, roles, policies),
      ...boundaryOperations(roles, policies),
      ...rolePolicyOperations(roles, policies),
      ...policyOperations(engine, policies, roles),
      ...policyVersionOperations(engine, policies),
    },
  };
}
