import { AwsError, type Engine, type Service } from '@outbox/local-cloud-kernel';
import { Executor } from '../runtime/executor';
import { NodeBinaries } from '../runtime/node-binary';
import { Processors } from '../runtime/processors';
import { type RoleSessions } from '../role-sessions';
import { AsyncQueue } from './async/async-queue';
import { Destinations } from './async/destinations';
import { CodeDownloads } from './code-downloads';
import { CodeFolders } from './code-folder';
import { FunctionKeys } from './function-keys';
import { Functions } from './functions';
import { Invoker } from './invoker';
import { layerOperations } from './layers/layer-operations';
import { Layers } from './layers/layers';
import { Mappings } from './mapping/mappings';
import { MappingRunners } from './mapping/runners';
import { aliasOperations } from './operations/aliases';
import { concurrencyOperations } from './operations/concurrency';
import { createOperations } from './operations/create';
import { invokeConfigOperations } from './operations/invoke-config';
import { invokeOperations } from './operations/invoke';
import { mappingOperations } from './operations/mappings';
import { permissionOperations } from './operations/permissions';
import { readOperations } from './operations/read';
import { tagOperations } from './operations/tags';
import { updateOperations } from './operations/update';
import { versionOperations } from './operations/versions';
import type { LambdaParts } from './parts';

/** Lambda with its background work. */
export interface LambdaService {
  readonly service: Service<'lambda'>;
  readonly executor: Executor;
  readonly downloads: CodeDownloads;
  start(): void;
  stop(): Promise<void>;
}

/** Lambda: control plane, Invoke, asynchronous invocations, event source mappings. */
export function createLambda(engine: Engine, roles: RoleSessions): LambdaService {
  const functions = new Functions(engine.store, engine.ids);
  const nodes = new NodeBinaries();
  const code = new CodeFolders(engine.directory);
  const layers = new Layers(engine);
  const layerCode = new CodeFolders(engine.directory, 'layers');
  const downloads = new CodeDownloads(engine, code);
  const processors = new Processors();
  const executor = new Executor(engine, nodes, roles, processors);
  const keys = new FunctionKeys(engine, roles);
  const invoker = new Invoker(engine, functions, executor, keys);
  const queue = new AsyncQueue(engine, functions, invoker, new Destinations(engine, functions, roles));
  const mappings = new Mappings(engine.store);
  const runners = new MappingRunners({ engine, functions, invoker, roles, processors }, mappings);
  const parts: LambdaParts = { engine, functions, code, layers, layerCode, downloads, executor, nodes, roles, keys };
  return {
    executor,
    downloads,
    service: {
      name: 'lambda',
      operations: {
        ...createOperations(parts),
        ...readOperations(parts),
        ...updateOperations(parts),
        ...versionOperations(parts),
        ...aliasOperations(parts, invoker),
        ...permissionOperations(parts),
        ...concurrencyOperations(parts),
        ...invokeConfigOperations(parts),
        ...tagOperations(parts, mappings),
        ...invokeOperations(parts, invoker, queue),
        ...mappingOperations(parts, mappings, runners),
        ...layerOperations(parts),
      },
      faults: {
        kinds: [
          /** A function's process dies when its work is done, before it answered. */
          'kill-before-answer',
          /** A function's work is done, its answer misses the timeout. */
          'timeout',
        ],
        throttled: () => new AwsError('TooManyRequestsException', 'Rate exceeded', { status: 429 }),
        serverErrorCode: 'ServiceException',
      },
    },
    start() {
      for (const record of functions.all()) code.prune(record);
      queue.start();
      runners.start();
    },
    async stop() {
      const stopping = [runners.stop(), queue.stop()];
      await executor.stop();
      await Promise.all(stopping);
    },
  };
}
