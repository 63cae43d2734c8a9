import type { Engine, HttpRoute, Service } from '@outbox/local-cloud-kernel';
import { MessageMover } from './message-mover';
import { messagesRoute } from './messages-route';
import { moveOperations } from './move-operations';
import { queueOperations } from './queue-operations';
import { permissionOperations } from './permission-operations';
import { queueFaults } from './queue-faults';
import { QueueKeys } from './queue-keys';
import { QueueMetrics } from './queue-metrics';
import { QueueStore } from './queue-store';
import { receiptOperations } from './receipt-operations';
import { receiveOperation } from './receive-operation';
import { sendOperations } from './send-operations';
import { tagOperations } from './tag-operations';

/** SQS, with the background work that belongs to them. */
export interface Sqs {
  readonly service: Service<'sqs'>;
  readonly routes: readonly HttpRoute[];
  start(): void;
  stop(): Promise<void>;
}

export function createSqs(engine: Engine): Sqs {
  const store = new QueueStore(engine);
  const metrics = new QueueMetrics(engine, store);
  const keys = new QueueKeys(engine);
  const mover = new MessageMover(store, engine);
  const receipts = receiptOperations(store, engine, metrics);
  return {
    service: {
      name: 'sqs',
      operations: {
        ...queueOperations(store, engine),
        ...tagOperations(store),
        ...permissionOperations(store, engine),
        ...sendOperations(store, keys, engine, metrics),
        ...receiveOperation(store, keys, engine, metrics),
        ...receipts,
        ...moveOperations(store, mover, engine),
      },
      faults: queueFaults((QueueUrl, ReceiptHandle, context) =>
        receipts.ChangeMessageVisibility?.handle({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }, context),
      ),
    },
    routes: [messagesRoute(store, engine.clock)],
    start: () => mover.resume(),
    stop: async () => {
      await mover.stop();
      store.stop();
    },
  };
}
