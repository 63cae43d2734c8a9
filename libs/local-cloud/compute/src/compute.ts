import type { Engine, EngineModule } from '@outbox/local-cloud-kernel';
import { ACCOUNT_CONCURRENCY } from './account-concurrency';
import { createApiGateway } from './api/service';
import { createLambda } from './lambda/service';
import { RoleSessions } from './role-sessions';
import { invocationsRoute } from './runtime/invocations-route';

/**
 * Lambda and API Gateway v2 (HTTP APIs). Functions run as processes of this machine, see `Executor`.
 * Listens to nothing itself: the engine serves the routes `/_code/`, `/_api/` and `/_local/invocations`.
 */
export function createCompute(engine: Engine): EngineModule {
  const roles = new RoleSessions(engine);
  const lambda = createLambda(engine, roles);
  engine.faults.onKill((accessKeyId) => lambda.executor.kill(accessKeyId));
  const gateway = createApiGateway(engine, roles);
  return {
    services: [lambda.service, gateway.service],
    routes: [invocationsRoute(lambda.executor), lambda.downloads.route, gateway.route],
    settings: [ACCOUNT_CONCURRENCY],
    start: async () => lambda.start(),
    async stop() {
      await lambda.stop();
      await gateway.stop();
    },
  };
}
