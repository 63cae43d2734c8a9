import type { Engine, Service } from '@outbox/local-cloud-kernel';
import { pipeOperations } from './pipe-operations';
import { PipeStore } from './pipe-store';
import { PipeSupervisor } from './pipe-supervisor';
import { tagOperations } from './tag-operations';

/** EventBridge Pipes from DynamoDB streams to event buses, with the readers that run in the background. */
export interface Pipes {
  readonly service: Service<'pipes'>;
  start(): void;
  stop(): Promise<void>;
}

export function createPipes(engine: Engine): Pipes {
  const store = new PipeStore(engine);
  const supervisor = new PipeSupervisor(store, engine);
  return {
    service: {
      name: 'pipes',
      operations: {
        ...pipeOperations(store, (arn) => supervisor.settle(arn), engine),
        ...tagOperations(store),
      },
    },
    start: () => supervisor.resume(),
    stop: () => supervisor.stop(),
  };
}
