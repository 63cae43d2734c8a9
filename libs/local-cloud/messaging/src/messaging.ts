import type { Engine, EngineModule } from '@outbox/local-cloud-kernel';
import { createEvents } from './events/service';
import { createPipes } from './pipes/service';
import { createScheduler } from './scheduler';
import { createSqs } from './sqs/service';

/** Wires SQS, EventBridge, Pipes and Scheduler. Sources stop before what they deliver to. */
export function createMessaging(engine: Engine): EngineModule {
  const sqs = createSqs(engine);
  const events = createEvents(engine);
  const pipes = createPipes(engine);
  const scheduler = createScheduler(engine);
  return {
    services: [sqs.service, events.service, pipes.service, ...scheduler.services],
    start: async () => {
      sqs.start();
      events.start();
      pipes.start();
      await scheduler.start?.();
    },
    stop: async () => {
      await scheduler.stop?.();
      await pipes.stop();
      await events.stop();
      await sqs.stop();
    },
  };
}
