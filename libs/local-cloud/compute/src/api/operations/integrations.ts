import { own, unsupported, type Engine } from '@outbox/local-cloud-kernel';
import { refuseUnknownOptions } from '../../refuse';
import { onPath, type ApiOperations, type Apis } from '../apis';
import { describeIntegration } from '../describe';
import { badRequest, conflict, notFound } from '../errors';
import { listPage } from '../list-page';
import type { ApiRecord, IntegrationRecord } from '../model';
import { MAX_TIMEOUT_MS, MIN_TIMEOUT_MS } from '../limits';

/** PassthroughBehavior and the like belong to WebSocket APIs: Terraform sends its default, AWS takes no notice of it. */
const OPTIONS = [
  'ApiId',
  'IntegrationId',
  'IntegrationType',
  'IntegrationUri',
  'IntegrationMethod',
  'PayloadFormatVersion',
  'TimeoutInMillis',
  'Description',
  'CredentialsArn',
  'ConnectionType',
  'PassthroughBehavior',
];

interface Input {
  readonly IntegrationType?: string | undefined;
  readonly IntegrationUri?: string | undefined;
  readonly IntegrationMethod?: string | undefined;
  readonly PayloadFormatVersion?: string | undefined;
  readonly TimeoutInMillis?: number | undefined;
  readonly Description?: string | undefined;
  readonly CredentialsArn?: string | undefined;
  readonly ConnectionType?: string | undefined;
}

/** Lambda proxy integrations with payload format 2.0; HTTP and service integrations are refused. */
export function integrationOperations(engine: Engine, apis: Apis): ApiOperations {
  const path = (input: { ApiId?: string | undefined; IntegrationId?: string | undefined }): string =>
    `/apis/${input.ApiId ?? ''}/integrations${input.IntegrationId === undefined ? '' : `/${input.IntegrationId}`}`;

  function save(api: ApiRecord, integration: IntegrationRecord) {
    apis.saveAndDeploy({ ...api, integrations: { ...api.integrations, [integration.integrationId]: integration } });
    return describeIntegration(integration);
  }

  return {
    CreateIntegration: {
      requires: onPath('POST', path),
      handle: (input, context) => {
        refuseUnknownOptions('apigatewayv2', 'CreateIntegration', input, OPTIONS);
        const api = apis.get(input.ApiId, context);
        return save(api, merge('CreateIntegration', engine.ids.token(7), input, undefined));
      },
    },
    GetIntegration: {
      requires: onPath('GET', path),
      handle: (input, context) => describeIntegration(find(apis.get(input.ApiId, context), input.IntegrationId)),
    },
    GetIntegrations: {
      requires: onPath('GET', path),
      handle: (input, context) => {
        const all = Object.values(apis.get(input.ApiId, context).integrations);
        const { items, next } = listPage(all, input);
        return { Items: items.map(describeIntegration), NextToken: next };
      },
    },
    UpdateIntegration: {
      requires: onPath('PATCH', path),
      handle: (input, context) => {
        refuseUnknownOptions('apigatewayv2', 'UpdateIntegration', input, OPTIONS);
        const api = apis.get(input.ApiId, context);
        const current = find(api, input.IntegrationId);
        return save(api, merge('UpdateIntegration', current.integrationId, input, current));
      },
    },
    DeleteIntegration: {
      requires: onPath('DELETE', path),
      handle: (input, context) => {
        const api = apis.get(input.ApiId, context);
        const { integrationId } = find(api, input.IntegrationId);
        const user = Object.values(api.routes).find((route) => route.integrationId === integrationId);
        if (user) {
          throw conflict(
            `Cannot delete Integration '${integrationId}' due to reference by Route with route key '${user.routeKey}'`,
          );
        }
        const { [integrationId]: _gone, ...integrations } = api.integrations;
        apis.saveAndDeploy({ ...api, integrations });
        return {};
      },
    },
  };
}

function find(api: ApiRecord, integrationId: string | undefined): IntegrationRecord {
  const integration = own(api.integrations, integrationId);
  if (!integration) throw notFound('Integration', integrationId);
  return integration;
}

function merge(
  operation: string,
  integrationId: string,
  input: Input,
  current: IntegrationRecord | undefined,
): IntegrationRecord {
  const type = input.IntegrationType ?? (current ? 'AWS_PROXY' : undefined);
  if (type !== 'AWS_PROXY') throw unsupported('apigatewayv2', operation, `the integration type ${String(type)}`);
  const version = input.PayloadFormatVersion ?? (current ? '2.0' : undefined);
  if (version === undefined)
    throw badRequest('PayloadFormatVersion is a required parameter for integration type AWS_PROXY');
  if (version !== '2.0') throw unsupported('apigatewayv2', operation, `the payload format version ${version}`);
  if ((input.ConnectionType ?? 'INTERNET') !== 'INTERNET') throw unsupported('apigatewayv2', operation, 'VPC links');
  const integration: IntegrationRecord = {
    integrationId,
    uri: input.IntegrationUri ?? current?.uri ?? '',
    method: input.IntegrationMethod ?? current?.method ?? 'POST',
    description: input.Description ?? current?.description,
    credentialsArn: input.CredentialsArn ?? current?.credentialsArn,
    timeoutMs: input.TimeoutInMillis ?? current?.timeoutMs ?? MAX_TIMEOUT_MS,
  };
  if (integration.uri.includes('${')) throw unsupported('apigatewayv2', operation, 'stage variables in a URI');
  if (integrationFunction(integration.uri) === undefined)
    throw badRequest(`Invalid lambda function ARN or invocation Uri`);
  if (integration.timeoutMs < MIN_TIMEOUT_MS || integration.timeoutMs > MAX_TIMEOUT_MS) {
    throw badRequest(`Timeout should be between ${MIN_TIMEOUT_MS} ms and ${MAX_TIMEOUT_MS} ms`);
  }
  return integration;
}

/** The function's ARN in an integration URI: the ARN itself, or the form `…:lambda:path/2015-03-31/functions/<arn>/invocations`. */
export function integrationFunction(uri: string): string | undefined {
  const inside = /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(
    uri,
  )?.[1];
  const arn = inside ?? uri;
  return /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[^:]+(:[^:]+)?$/.test(arn) ? arn : undefined;
}
