import type { Engine, EngineModule } from '@outbox/local-cloud-kernel';
import { createSqs } from './sqs/service';

/** Wires SQS. */
export function createMessaging(engine: Engine): EngineModule {
  const sqs = createSqs(engine);
  return {
    services: [sqs.service],
    start: async () => sqs.start(),
    stop: () => sqs.stop(),
  };
}
