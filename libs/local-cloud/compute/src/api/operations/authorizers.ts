import { own, unsupported, type Engine } from '@outbox/local-cloud-kernel';
import { refuseUnknownOptions } from '../../refuse';
import { onPath, type ApiOperations, type Apis } from '../apis';
import { fetchKeys, IssuerError } from '../authorization/issuer-keys';
import { describeAuthorizer } from '../describe';
import { badRequest, conflict, notFound } from '../errors';
import { listPage } from '../list-page';
import type { ApiRecord, AuthorizerRecord } from '../model';
import { MAX_AUTHORIZERS } from '../limits';

const OPTIONS = ['ApiId', 'AuthorizerId', 'AuthorizerType', 'IdentitySource', 'JwtConfiguration', 'Name'];
const IDENTITY_SOURCE = /^\$request\.(header|querystring)\.[\w-]+$/;

interface Input {
  readonly AuthorizerType?: string | undefined;
  readonly IdentitySource?: readonly string[] | undefined;
  readonly JwtConfiguration?:
    { readonly Audience?: readonly string[] | undefined; readonly Issuer?: string | undefined } | undefined;
  readonly Name?: string | undefined;
}

/** JWT authorizers; those that call a function are refused. */
export function authorizerOperations(engine: Engine, apis: Apis): ApiOperations {
  const path = (input: { ApiId?: string | undefined; AuthorizerId?: string | undefined }): string =>
    `/apis/${input.ApiId ?? ''}/authorizers${input.AuthorizerId === undefined ? '' : `/${input.AuthorizerId}`}`;

  function save(api: ApiRecord, authorizer: AuthorizerRecord) {
    apis.saveAndDeploy({ ...api, authorizers: { ...api.authorizers, [authorizer.authorizerId]: authorizer } });
    return describeAuthorizer(authorizer);
  }

  return {
    CreateAuthorizer: {
      requires: onPath('POST', path),
      handle: async (input, context) => {
        refuseUnknownOptions('apigatewayv2', 'CreateAuthorizer', input, OPTIONS);
        const authorizer = merge('CreateAuthorizer', engine.ids.token(6), input, undefined);
        await checkIssuer(authorizer);
        const api = apis.get(input.ApiId, context);
        const all = Object.values(api.authorizers ?? {});
        if (all.length >= MAX_AUTHORIZERS) throw badRequest(`An API has at most ${MAX_AUTHORIZERS} authorizers`);
        if (all.some(({ name }) => name === authorizer.name)) {
          throw conflict('Authorizer name must be unique for the API');
        }
        return save(api, authorizer);
      },
    },
    GetAuthorizer: {
      requires: onPath('GET', path),
      handle: (input, context) => describeAuthorizer(find(apis.get(input.ApiId, context), input.AuthorizerId)),
    },
    GetAuthorizers: {
      requires: onPath('GET', path),
      handle: (input, context) => {
        const all = Object.values(apis.get(input.ApiId, context).authorizers ?? {});
        const { items, next } = listPage(all, input);
        return { Items: items.map(describeAuthorizer), NextToken: next };
      },
    },
    UpdateAuthorizer: {
      requires: onPath('PATCH', path),
      handle: async (input, context) => {
        refuseUnknownOptions('apigatewayv2', 'UpdateAuthorizer', input, OPTIONS);
        const current = find(apis.get(input.ApiId, context), input.AuthorizerId);
        const authorizer = merge('UpdateAuthorizer', current.authorizerId, input, current);
        await checkIssuer(authorizer);
        return save(apis.get(input.ApiId, context), authorizer);
      },
    },
    DeleteAuthorizer: {
      requires: onPath('DELETE', path),
      handle: (input, context) => {
        const api = apis.get(input.ApiId, context);
        const { authorizerId } = find(api, input.AuthorizerId);
        const user = Object.values(api.routes).find(
          ({ authorization }) => authorization?.type === 'JWT' && authorization.authorizerId === authorizerId,
        );
        if (user) {
          throw conflict(
            `Cannot delete Authorizer '${authorizerId}' due to reference by Route with route key '${user.routeKey}'`,
          );
        }
        const { [authorizerId]: _gone, ...authorizers } = api.authorizers ?? {};
        apis.saveAndDeploy({ ...api, authorizers });
        return {};
      },
    },
  };
}

function find(api: ApiRecord, authorizerId: string | undefined): AuthorizerRecord {
  const authorizer = own(api.authorizers, authorizerId);
  if (!authorizer) throw notFound('Authorizer', authorizerId);
  return authorizer;
}

function merge(
  operation: string,
  authorizerId: string,
  input: Input,
  current: AuthorizerRecord | undefined,
): AuthorizerRecord {
  const type = input.AuthorizerType ?? (current ? 'JWT' : undefined);
  if (type !== 'JWT') throw unsupported('apigatewayv2', operation, `the authorizer type ${String(type)}`);
  const name = input.Name ?? current?.name;
  if (!name) throw badRequest('Name must not be empty');
  const [identitySource = current?.identitySource ?? '', ...more] = input.IdentitySource ?? [];
  if (!IDENTITY_SOURCE.test(identitySource) || more.length > 0) {
    throw badRequest('IdentitySource must be one of $request.header.name and $request.querystring.name');
  }
  const issuer = input.JwtConfiguration?.Issuer ?? current?.issuer;
  if (!issuer) throw badRequest('Issuer is required for JWT authorizers');
  const audience = input.JwtConfiguration?.Audience ?? current?.audience ?? [];
  return { authorizerId, name, identitySource, issuer, audience };
}

/** AWS asks the issuer when an authorizer is saved, and refuses one that doesn't answer. */
async function checkIssuer({ issuer }: AuthorizerRecord): Promise<void> {
  try {
    await fetchKeys(issuer);
  } catch (error) {
    if (!(error instanceof IssuerError)) throw error;
    const where = `${issuer}/.well-known/openid-configuration`;
    throw badRequest(
      `Caught exception when connecting to ${where} for issuer ${issuer}. Please try again later. Error: Invalid issuer: ` +
        `${issuer}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'. (${error.message})`,
    );
  }
}
