import type { Engine, Service } from '@outbox/local-cloud-kernel';
import type { RoleStore } from '../iam/role-store';
import { aliasOperations } from './alias-operations';
import { cryptoOperations } from './crypto-operations';
import { grantOperations } from './grant-operations';
import { Grants } from './grants';
import { keyOperations } from './key-operations';
import { Keys } from './keys';
import { rotationOperations } from './rotation-operations';
import { tagOperations } from './tag-operations';

/** KMS with symmetric encryption keys: customers' own, and those AWS manages for a service. */
export function kms(engine: Pick<Engine, 'clock' | 'ids' | 'store'>, roles: RoleStore): Service<'kms'> {
  const parts = { engine, keys: new Keys(engine), grants: new Grants(engine), roles };
  return {
    name: 'kms',
    operations: {
      ...keyOperations(parts),
      ...rotationOperations(parts),
      ...aliasOperations(parts),
      ...tagOperations(parts),
      ...grantOperations(parts),
      ...cryptoOperations(parts),
    },
    // The call that needs the key is the stack's hop; struck a second time, a dead letter would be denied after all.
    faults: { isSpared: true },
  };
}
