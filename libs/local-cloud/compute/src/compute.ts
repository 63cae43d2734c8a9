import type { Engine, EngineModule } from '@outbox/local-cloud-kernel';
import { createApiGateway } from './api/service';
import { createLambda } from './lambda/service';
import { RoleSessions } from './role-sessions';
import { runtimeRoute } from './runtime/runtime-route';

/** The compute part, with what the fault plane needs of it. */
export interface ComputeModule extends EngineModule {
  /** Kills the function process that signs with this key; false when there is none. For `FaultPlane.onKill`. */
  killFunction(accessKeyId: string): boolean;
}

/**
 * Lambda and API Gateway v2 (HTTP APIs). Functions run as processes of this machine, see `Executor`.
 * Listens to nothing itself: the engine serves the routes `/_runtime/` and `/_api/`.
 */
export function createCompute(engine: Engine): ComputeModule {
  const roles = new RoleSessions(engine);
  const lambda = createLambda(engine, roles);
  const gateway = createApiGateway(engine, roles);
  return {
    services: [lambda.service, gateway.service],
    routes: [runtimeRoute(lambda.executor), gateway.route],
    killFunction: (accessKeyId) => lambda.executor.kill(accessKeyId),
    start: async () => lambda.start(),
    async stop() {
      await lambda.stop();
      await gateway.stop();
    },
  };
}
