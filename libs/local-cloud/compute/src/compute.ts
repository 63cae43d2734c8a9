import type { Engine, EngineModule } from '@outbox/local-cloud-kernel';
import { createLambda } from './lambda/service';
import { RoleSessions } from './role-sessions';
import { runtimeRoute } from './runtime/runtime-route';

/**
 * Lambda and API Gateway v2 (HTTP APIs). Functions run as processes of this machine, see `Executor`.
 * Listens to nothing itself: the engine serves the routes `/_runtime/` and `/_api/`.
 */
export function createCompute(engine: Engine): EngineModule {
  const roles = new RoleSessions(engine);
  const lambda = createLambda(engine, roles);
  return {
    services: [lambda.service],
    routes: [runtimeRoute(lambda.executor)],
    start: async () => lambda.start(),
    stop: () => lambda.stop(),
  };
}
