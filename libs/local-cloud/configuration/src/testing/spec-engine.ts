import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { EngineClock, type Service, type ServiceName, type StateStore } from '@outbox/local-cloud-kernel';
import { ROOT, specEngine as specEngineOf, specKeys } from '@outbox/local-cloud-testing';
import { createConfiguration } from '../create-configuration';

/**
 * For specs: configuration alone, its clock standing still until advanced; whoever calls may do everything. `told` is what
 * it put on the default bus.
 */
export function specEngine(store?: StateStore) {
  const told: PutEventsRequestEntry[] = [];
  const engine = specEngineOf(createConfiguration, {
    ...(store && { store }),
    clock: new EngineClock(0, () => Date.UTC(2026, 0, 1, 12)),
    services: [specKeys(), specBus(told)],
    identity: {
      servicePrincipal: () => ROOT,
      resourcePolicyProblem: (text) => (text.startsWith('{') ? undefined : 'no policy'),
    },
  });
  return { ...engine, told };
}

/** A stand-in for the default bus: keeps what is put. */
function specBus(told: PutEventsRequestEntry[]): Service<ServiceName> {
  const events: Service<'events'> = {
    name: 'events',
    operations: {
      PutEvents: {
        requires: () => [],
        handle: ({ Entries = [] }) => {
          told.push(...Entries);
          return { FailedEntryCount: 0, Entries: [] };
        },
      },
    },
  };
  return events as Service<ServiceName>;
}
