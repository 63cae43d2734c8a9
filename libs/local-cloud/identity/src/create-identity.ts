import type { Engine, EngineModule, Service, ServiceName } from '@outbox/local-cloud-kernel';
import { identityOf, type RecordingIdentity } from './access/identity';
import { Sessions } from './access/sessions';
import { iam } from './iam/iam';
import { PolicyStore } from './iam/policy-store';
import { RoleStore } from './iam/role-store';
import { kms } from './kms/kms';
import { sts } from './sts/sts';

/** IAM, STS, KMS, and the identity every other part authorises with. */
export function createIdentity(
  engine: Omit<Engine, 'identity' | 'calls'>,
): EngineModule & { readonly identity: RecordingIdentity } {
  const policies = new PolicyStore(engine);
  const roles = new RoleStore(engine, policies);
  const sessions = new Sessions(engine, roles);
  return {
    identity: identityOf(engine, roles, sessions),
    services: [
      iam(engine, roles, policies),
      sts(engine, roles, sessions),
      kms(engine, roles),
    ] as Service<ServiceName>[],
  };
}
