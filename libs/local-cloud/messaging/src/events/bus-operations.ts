import type { CreateEventBusRequest, UpdateEventBusRequest } from '@aws-sdk/client-eventbridge';
import { unsupported, withTags, type Engine, type Service } from '@outbox/local-cloud-kernel';
import { checkText } from '../shared/constraints';
import type { BusKeys } from './bus-keys';
import { alreadyExists, validation } from './errors';
import type { EventStore, StoredBus } from './event-store';
import { pageOf } from '../shared/page';
import { busAddress, DEFAULT_BUS, namedBus } from './names';
import { TAG_RULES } from './tags';

/** Creating, describing, changing and deleting event buses. */
export function busOperations(
  store: EventStore,
  keys: BusKeys,
  engine: Pick<Engine, 'clock'>,
): Service<'events'>['operations'] {
  return {
    CreateEventBus: {
      requires: (input, context) => {
        const { arn } = namedBus(input.Name, context);
        const create = { action: 'events:CreateEventBus', resource: arn };
        return input.Tags?.length ? [create, { action: 'events:TagResource', resource: arn }] : [create];
      },
      handle: async (input, context) => {
        const address = namedBus(input.Name, context);
        const { name } = address;
        // Only buses of partners have a slash in their name.
        if (name.includes('/')) throw validation("Event bus name must not contain '/'.");
        if (input.EventSourceName) throw unsupported('events', 'CreateEventBus', 'partner event sources');
        refuseOptions(input, 'CreateEventBus');
        if (name === DEFAULT_BUS || store.findBus(address)) throw alreadyExists(`Event bus ${name}`);
        const key = await keys.changed(input.KmsKeyIdentifier || undefined, address, undefined);
        const now = engine.clock.now();
        const bus: StoredBus = {
          ...address,
          key,
          description: input.Description,
          tags: withTags({}, input.Tags, TAG_RULES),
          createdAt: now,
          modifiedAt: now,
        };
        store.buses.set(bus.arn, bus);
        return { EventBusArn: bus.arn, Description: bus.description, KmsKeyIdentifier: key?.identifier };
      },
    },
    DescribeEventBus: {
      requires: (input, context) => [
        { action: 'events:DescribeEventBus', resource: busAddress(input.Name, context, 'name').arn },
      ],
      handle: (input, context) => shownBus(store.bus(busAddress(input.Name, context, 'name'))),
    },
    UpdateEventBus: {
      requires: (input, context) => [{ action: 'events:UpdateEventBus', resource: namedBus(input.Name, context).arn }],
      handle: async (input, context) => {
        refuseOptions(input, 'UpdateEventBus');
        const bus = store.bus(namedBus(input.Name, context));
        const changed = {
          ...bus,
          // Without one AWS takes a key of its own, whatever the bus had.
          key: await keys.changed(input.KmsKeyIdentifier ?? '', bus, bus.key),
          description: input.Description ?? bus.description,
          modifiedAt: engine.clock.now(),
        };
        store.buses.set(bus.arn, changed);
        return {
          Arn: bus.arn,
          Name: bus.name,
          Description: changed.description,
          KmsKeyIdentifier: changed.key?.identifier,
        };
      },
    },
    DeleteEventBus: {
      requires: (input, context) => [{ action: 'events:DeleteEventBus', resource: namedBus(input.Name, context).arn }],
      handle: (input, context) => {
        const address = namedBus(input.Name, context);
        if (address.name === DEFAULT_BUS) throw validation('Cannot delete event bus default.');
        if (store.rulesOf(address).length > 0) {
          throw validation(`Event bus ${address.name} can't be deleted since it has rules.`);
        }
        store.buses.delete(address.arn);
        return {};
      },
    },
    ListEventBuses: {
      requires: () => [{ action: 'events:ListEventBuses', resource: '*' }],
      handle: (input, context) => {
        const own = [...store.buses.values()].filter(
          (bus) => bus.accountId === context.accountId && bus.region === context.region && bus.name !== DEFAULT_BUS,
        );
        const all = [store.bus(busAddress(DEFAULT_BUS, context)), ...own];
        const prefix = input.NamePrefix ?? '';
        const named = all.filter((bus) => bus.name.startsWith(prefix));
        const page = pageOf(named, (bus) => bus.name, 'limit', input.Limit, input.NextToken);
        return { EventBuses: page.items.map(shownBus), NextToken: page.next };
      },
    },
  };
}

function refuseOptions(input: CreateEventBusRequest | UpdateEventBusRequest, operation: string): void {
  checkText(input.Description, 'description', { least: 0, most: 512 });
  if (input.DeadLetterConfig?.Arn) throw unsupported('events', operation, 'dead-letter queues of a bus');
  if (input.LogConfig && input.LogConfig.Level !== 'OFF') throw unsupported('events', operation, 'event bus logging');
}

function shownBus(bus: StoredBus) {
  return {
    Name: bus.name,
    Arn: bus.arn,
    Description: bus.description,
    KmsKeyIdentifier: bus.key?.identifier,
    Policy: bus.policy,
    CreationTime: new Date(bus.createdAt),
    LastModifiedTime: new Date(bus.modifiedAt),
  };
}
