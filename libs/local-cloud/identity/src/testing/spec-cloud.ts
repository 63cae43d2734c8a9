import { EngineClock, type StateStore } from '@outbox/local-cloud-kernel';
import { ROOT, specEngine } from '@outbox/local-cloud-testing';
import { createIdentity } from '../create-identity';

/** For specs: the module behind the kernel's dispatcher, its clock standing still until advanced, called as an account's admin key unless told otherwise. */
export function specCloud(store?: StateStore, directory?: string) {
  const cloud = specEngine(createIdentity, {
    ...(store && { store }),
    ...(directory !== undefined && { directory }),
    clock: new EngineClock(0, () => Date.UTC(2026, 0, 1)),
  });
  return { ...cloud, identity: cloud.module.identity, admin: ROOT };
}
