import type { Engine, HttpRoute, Service } from '@outbox/local-cloud-kernel';
import { Confirmations } from './confirmations';
import { Deliverer } from './deliverer';
import { listOperations } from './list-operations';
import { linkRoute, mailboxRoute } from './mail/mail-routes';
import { Mailbox } from './mail/mailbox';
import { publishOperations } from './publish-operations';
import { subscriptionOperations } from './subscription-operations';
import { tagOperations } from './tag-operations';
import { TopicKeys } from './topic-keys';
import { topicOperations } from './topic-operations';
import { TopicStore } from './topic-store';

/** SNS standard topics, the mailbox that all mail ends in, and the deliveries that go on in the background. */
export interface Sns {
  readonly service: Service<'sns'>;
  readonly routes: readonly HttpRoute[];
  start(): void;
  stop(): Promise<void>;
}

export function createSns(engine: Engine): Sns {
  const store = new TopicStore(engine);
  const mailbox = new Mailbox(engine);
  const confirmations = new Confirmations(store, mailbox, engine);
  const deliverer = new Deliverer(mailbox, engine);
  return {
    service: {
      name: 'sns',
      operations: {
        ...topicOperations(store, engine),
        ...subscriptionOperations(store, confirmations, engine),
        ...publishOperations(store, new TopicKeys(engine), deliverer, engine),
        ...listOperations(store),
        ...tagOperations(store),
      },
      // Whom it tells of alarms is no hop of the stack.
      faults: { isSpared: true },
    },
    routes: [mailboxRoute(mailbox), linkRoute(confirmations, engine.store)],
    start: () => deliverer.resume(),
    stop: () => deliverer.stop(),
  };
}
