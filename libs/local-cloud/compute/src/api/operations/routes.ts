import { own, unsupported, type Engine } from '@outbox/local-cloud-kernel';
import { refuseUnknownOptions } from '../../refuse';
import { onPath, type ApiOperations, type Apis } from '../apis';
import { describeRoute } from '../describe';
import { badRequest, conflict, notFound } from '../errors';
import { listPage } from '../list-page';
import type { ApiRecord, RouteAuthorization, RouteRecord } from '../model';
import { MAX_SCOPES } from '../limits';

const OPTIONS = [
  'ApiId',
  'RouteId',
  'RouteKey',
  'Target',
  'AuthorizationType',
  'AuthorizerId',
  'AuthorizationScopes',
  'ApiKeyRequired',
  'OperationName',
];
/** Source: http-api-develop-routes; a greedy variable ends the path. */
const ROUTE_KEY = /^(\$default|(ANY|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/\S*)$/;

interface Input {
  readonly RouteKey?: string | undefined;
  readonly Target?: string | undefined;
  readonly AuthorizationType?: string | undefined;
  readonly AuthorizerId?: string | undefined;
  readonly AuthorizationScopes?: readonly string[] | undefined;
  readonly ApiKeyRequired?: boolean | undefined;
  readonly OperationName?: string | undefined;
}

/** Routes: open, for IAM callers, or for holders of a JWT. */
export function routeOperations(engine: Engine, apis: Apis): ApiOperations {
  const path = (input: { ApiId?: string | undefined; RouteId?: string | undefined }): string =>
    `/apis/${input.ApiId ?? ''}/routes${input.RouteId === undefined ? '' : `/${input.RouteId}`}`;

  function save(api: ApiRecord, route: RouteRecord) {
    apis.saveAndDeploy({ ...api, routes: { ...api.routes, [route.routeId]: route } });
    return describeRoute(route);
  }

  return {
    CreateRoute: {
      requires: onPath('POST', path),
      handle: (input, context) => {
        refuseUnknownOptions('apigatewayv2', 'CreateRoute', input, OPTIONS);
        const api = apis.get(input.ApiId, context);
        return save(api, merge('CreateRoute', api, engine.ids.token(7), input, undefined));
      },
    },
    GetRoute: {
      requires: onPath('GET', path),
      handle: (input, context) => describeRoute(find(apis.get(input.ApiId, context), input.RouteId)),
    },
    GetRoutes: {
      requires: onPath('GET', path),
      handle: (input, context) => {
        const all = Object.values(apis.get(input.ApiId, context).routes);
        const { items, next } = listPage(all, input);
        return { Items: items.map(describeRoute), NextToken: next };
      },
    },
    UpdateRoute: {
      requires: onPath('PATCH', path),
      handle: (input, context) => {
        refuseUnknownOptions('apigatewayv2', 'UpdateRoute', input, OPTIONS);
        const api = apis.get(input.ApiId, context);
        const current = find(api, input.RouteId);
        return save(api, merge('UpdateRoute', api, current.routeId, input, current));
      },
    },
    DeleteRoute: {
      requires: onPath('DELETE', path),
      handle: (input, context) => {
        const api = apis.get(input.ApiId, context);
        const { [find(api, input.RouteId).routeId]: _gone, ...routes } = api.routes;
        apis.saveAndDeploy({ ...api, routes });
        return {};
      },
    },
  };
}

function find(api: ApiRecord, routeId: string | undefined): RouteRecord {
  const route = own(api.routes, routeId);
  if (!route) throw notFound('Route', routeId);
  return route;
}

function merge(
  operation: string,
  api: ApiRecord,
  routeId: string,
  input: Input,
  current: RouteRecord | undefined,
): RouteRecord {
  if (input.ApiKeyRequired === true) throw badRequest('API keys are not supported for HTTP APIs');
  const routeKey = input.RouteKey ?? current?.routeKey ?? '';
  if (!ROUTE_KEY.test(routeKey) || !isPath(routeKey))
    throw badRequest(
      `The provided route key is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"`,
    );
  const twin = Object.values(api.routes).find((route) => route.routeKey === routeKey && route.routeId !== routeId);
  if (twin) throw conflict(`Route with key ${routeKey} already exists for this API`);
  const integrationId =
    input.Target === undefined ? current?.integrationId : /^integrations\/(.+)$/.exec(input.Target)?.[1];
  if (input.Target !== undefined && (integrationId === undefined || !own(api.integrations, integrationId))) {
    throw badRequest(`Invalid target: ${input.Target} does not name an integration of this API`);
  }
  return {
    routeId,
    routeKey,
    integrationId,
    operationName: input.OperationName ?? current?.operationName,
    authorization: authorizationOf(operation, api, input, current?.authorization),
  };
}

/** Errors as AWS words them; scopes belong to tokens only. */
function authorizationOf(
  operation: string,
  api: ApiRecord,
  input: Input,
  current: RouteAuthorization | undefined,
): RouteAuthorization | undefined {
  const type = input.AuthorizationType ?? current?.type ?? 'NONE';
  if (type !== 'JWT' && input.AuthorizationScopes?.length) {
    throw badRequest(
      'Invalid Route authorization type specified. Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT authorization types',
    );
  }
  if (type !== 'JWT' && input.AuthorizerId) {
    throw badRequest('Invalid authorizer ID specified. An authorizer is only valid for the authorization type JWT.');
  }
  switch (type) {
    case 'NONE':
      return undefined;
    case 'AWS_IAM':
      return { type };
    case 'JWT': {
      const before = current?.type === 'JWT' ? current : undefined;
      const authorizerId = input.AuthorizerId ?? before?.authorizerId;
      if (authorizerId === undefined || !own(api.authorizers, authorizerId)) {
        throw badRequest(
          'Invalid authorizer ID specified. Setting the authorization type to JWT requires a valid JWT authorizer.',
        );
      }
      const scopes = input.AuthorizationScopes ?? before?.scopes ?? [];
      if (scopes.length > MAX_SCOPES) throw badRequest(`A route has at most ${MAX_SCOPES} authorization scopes`);
      return { type, authorizerId, scopes };
    }
    default:
      throw unsupported('apigatewayv2', operation, `the authorization type ${type}`);
  }
}

/** Variables take a whole segment; a greedy one is the last. */
function isPath(routeKey: string): boolean {
  const segments = routeKey.split(' ')[1]?.split('/').slice(1) ?? [];
  return segments.every((segment, index) => {
    if (!/[{}]/.test(segment)) return true;
    if (/^\{[\w.:-]+\}$/.test(segment)) return true;
    return /^\{[\w.:-]+\+\}$/.test(segment) && index === segments.length - 1;
  });
}
