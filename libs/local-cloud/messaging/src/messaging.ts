import type { Engine, EngineModule } from '@outbox/local-cloud-kernel';
import { RULE_DELAY } from './events/rule-delay';
import { createEvents } from './events/service';
import { createPipes } from './pipes/service';
import { createScheduler } from './scheduler';
import { createSns } from './sns/service';
import { createSqs } from './sqs/service';

/** Wires SQS, SNS, EventBridge, Pipes and Scheduler. Sources stop before what they deliver to. */
export function createMessaging(engine: Engine): EngineModule {
  const sqs = createSqs(engine);
  const sns = createSns(engine);
  const events = createEvents(engine);
  const pipes = createPipes(engine);
  const scheduler = createScheduler(engine);
  return {
    services: [sqs.service, sns.service, events.service, pipes.service, ...scheduler.services],
    routes: [...sqs.routes, ...sns.routes],
    settings: [RULE_DELAY],
    start: async () => {
      sqs.start();
      sns.start();
      events.start();
      pipes.start();
      await scheduler.start?.();
    },
    stop: async () => {
      await scheduler.stop?.();
      await pipes.stop();
      await events.stop();
      await sns.stop();
      await sqs.stop();
    },
  };
}
