import type { Engine, EngineModule } from '@outbox/local-cloud-kernel';
import { createEvents } from './events/service';
import { createSqs } from './sqs/service';

/** Wires SQS and EventBridge. */
export function createMessaging(engine: Engine): EngineModule {
  const sqs = createSqs(engine);
  const events = createEvents(engine);
  return {
    services: [sqs.service, events.service],
    start: async () => {
      sqs.start();
      events.start();
    },
    stop: async () => {
      await events.stop();
      await sqs.stop();
    },
  };
}
