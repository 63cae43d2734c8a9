import type { Engine, HttpRoute, Service } from '@outbox/local-cloud-kernel';
import type { RoleSessions } from '../role-sessions';
import { Apis } from './apis';
import { ApiRoute } from './invocation/api-route';
import { apiOperations } from './operations/apis';
import { authorizerOperations } from './operations/authorizers';
import { integrationOperations } from './operations/integrations';
import { routeOperations } from './operations/routes';
import { stageOperations } from './operations/stages';

export interface ApiGateway {
  readonly service: Service<'apigatewayv2'>;
  readonly route: HttpRoute;
  stop(): Promise<void>;
}

/** HTTP APIs: control plane, and the route that answers their requests. */
export function createApiGateway(engine: Engine, roles: RoleSessions): ApiGateway {
  const apis = new Apis(engine);
  const route = new ApiRoute(engine, apis, roles);
  return {
    service: {
      name: 'apigatewayv2',
      operations: {
        ...apiOperations(engine, apis),
        ...authorizerOperations(engine, apis),
        ...integrationOperations(engine, apis),
        ...routeOperations(engine, apis),
        ...stageOperations(engine, apis),
      },
    },
    route,
    stop: () => route.stop(),
  };
}
