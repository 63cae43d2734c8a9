import type { Engine, Service } from '@outbox/local-cloud-kernel';
import { archiveOperations } from './archive-operations';
import { busFaults } from './bus-faults';
import { BusKeys } from './bus-keys';
import { busOperations } from './bus-operations';
import { Deliverer } from './delivery';
import { EventStore } from './event-store';
import { Forwarding } from './forwarding';
import { permissionOperations } from './permission-operations';
import { putEvents } from './put-events';
import { replayOperations } from './replay-operations';
import { Replayer } from './replayer';
import { Router } from './router';
import { RuleSchedules } from './rule-schedules';
import { ruleOperations } from './rule-operations';
import { tagOperations } from './tags';
import { targetOperations } from './target-operations';
import { testEventPattern } from './test-event-pattern';

/** EventBridge's classic buses, with the deliveries and replays that run in the background. */
export interface Events {
  readonly service: Service<'events'>;
  start(): void;
  stop(): Promise<void>;
}

export function createEvents(engine: Engine): Events {
  const store = new EventStore(engine);
  const keys = new BusKeys(engine);
  const forwarding = new Forwarding();
  const deliverer = new Deliverer(engine, forwarding);
  const router = new Router(store, deliverer, engine);
  const replayer = new Replayer(store, router, engine);
  const schedules = new RuleSchedules(store, deliverer, engine);
  return {
    service: {
      name: 'events',
      operations: {
        ...busOperations(store, keys, engine),
        ...permissionOperations(store, engine),
        ...ruleOperations(store, (ruleArn) => schedules.follow(ruleArn)),
        ...targetOperations(store),
        ...tagOperations(store),
        ...putEvents(store, router, keys, forwarding, engine),
        ...testEventPattern(),
        ...archiveOperations(store, keys, engine),
        ...replayOperations(store, replayer, engine),
      },
      faults: busFaults,
    },
    start: () => {
      deliverer.resume();
      replayer.resume();
      schedules.resume();
    },
    stop: async () => {
      schedules.stop();
      await replayer.stop();
      await deliverer.stop();
    },
  };
}
