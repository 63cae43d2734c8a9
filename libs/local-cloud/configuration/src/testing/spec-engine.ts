import { EngineClock, type StateStore } from '@outbox/local-cloud-kernel';
import { ROOT, specEngine as specEngineOf, specKeys } from '@outbox/local-cloud-testing';
import { createConfiguration } from '../create-configuration';

/** For specs: configuration alone, its clock standing still until advanced; whoever calls may do everything. */
export function specEngine(store?: StateStore) {
  return specEngineOf(createConfiguration, {
    ...(store && { store }),
    clock: new EngineClock(0, () => Date.UTC(2026, 0, 1, 12)),
    services: [specKeys()],
    identity: {
      servicePrincipal: () => ROOT,
      resourcePolicyProblem: (text) => (text.startsWith('{') ? undefined : 'no policy'),
    },
  });
}
