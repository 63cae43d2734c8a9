import { AwsError, own, unsupported, withoutTags, type Engine, type Tags } from '@outbox/local-cloud-kernel';
import { refuseUnknownOptions } from '../../refuse';
import { onPath, type ApiOperations, type Apis } from '../apis';
import { describeApi } from '../describe';
import { badRequest } from '../errors';
import { listPage } from '../list-page';
import type { ApiRecord } from '../model';
import { corsOf } from './cors';

const OPTIONS = [
  'ApiId',
  'Name',
  'ProtocolType',
  'Description',
  'Version',
  'Tags',
  'DisableExecuteApiEndpoint',
  'ApiKeySelectionExpression',
  'RouteSelectionExpression',
  'IpAddressType',
  'CorsConfiguration',
];

interface Texts {
  readonly Name?: string | undefined;
  readonly Description?: string | undefined;
  readonly Version?: string | undefined;
}

interface Expressions {
  readonly ApiKeySelectionExpression?: string | undefined;
  readonly RouteSelectionExpression?: string | undefined;
}

/** HTTP APIs. WebSocket APIs, imports and quick create are refused. */
export function apiOperations(engine: Engine, apis: Apis): ApiOperations {
  return {
    CreateApi: {
      requires: onPath('POST', () => '/apis'),
      handle: (input, context) => {
        refuseUnknownOptions('apigatewayv2', 'CreateApi', input, OPTIONS);
        if (input.ProtocolType !== 'HTTP')
          throw unsupported('apigatewayv2', 'CreateApi', `the protocol ${String(input.ProtocolType)}`);
        if (!input.Name) throw badRequest('Name must not be empty');
        checkTexts(input);
        checkExpressions(input);
        const api = apis.save({
          accountId: context.accountId,
          region: context.region,
          apiId: engine.ids.token(10),
          name: input.Name,
          description: input.Description,
          version: input.Version,
          disabled: input.DisableExecuteApiEndpoint ?? false,
          ipAddressType: input.IpAddressType ?? 'ipv4',
          tags: input.Tags ?? {},
          cors: corsOf(input.CorsConfiguration),
          createdAt: wholeSecond(engine.clock.now()),
          routes: {},
          integrations: {},
          stages: {},
          deployments: {},
        });
        return describeApi(api, engine.origin);
      },
    },
    GetApi: {
      requires: onPath('GET', (input) => `/apis/${input.ApiId ?? ''}`),
      handle: (input, context) => describeApi(apis.get(input.ApiId, context), engine.origin),
    },
    GetApis: {
      requires: onPath('GET', () => '/apis'),
      handle: (input, context) => {
        const { items, next } = listPage(apis.list(context), input);
        return { Items: items.map((api) => describeApi(api, engine.origin)), NextToken: next };
      },
    },
    UpdateApi: {
      requires: onPath('PATCH', (input) => `/apis/${input.ApiId ?? ''}`),
      handle: (input, context) => {
        refuseUnknownOptions('apigatewayv2', 'UpdateApi', input, OPTIONS);
        checkTexts(input);
        checkExpressions(input);
        const current = apis.get(input.ApiId, context);
        const api: ApiRecord = {
          ...current,
          name: input.Name ?? current.name,
          description: input.Description ?? current.description,
          version: input.Version ?? current.version,
          disabled: input.DisableExecuteApiEndpoint ?? current.disabled,
          ipAddressType: input.IpAddressType ?? current.ipAddressType,
          cors: corsOf(input.CorsConfiguration) ?? current.cors,
        };
        return describeApi(apis.save(api), engine.origin);
      },
    },
    DeleteCorsConfiguration: {
      requires: onPath('DELETE', (input) => `/apis/${input.ApiId ?? ''}/cors`),
      handle: (input, context) => {
        apis.save({ ...apis.get(input.ApiId, context), cors: undefined });
        return {};
      },
    },
    DeleteApi: {
      requires: onPath('DELETE', (input) => `/apis/${input.ApiId ?? ''}`),
      handle: (input, context) => {
        apis.delete(apis.get(input.ApiId, context).apiId);
        return {};
      },
    },
    ...tagOperations(apis),
  };
}

/** HTTP APIs know one value of each. Source: API Gateway API reference, CreateApi. */
function checkExpressions(input: Expressions): void {
  if ((input.RouteSelectionExpression ?? '$request.method $request.path') !== '$request.method $request.path') {
    throw badRequest('Only the route selection expression $request.method $request.path is supported for HTTP APIs');
  }
  if ((input.ApiKeySelectionExpression ?? '$request.header.x-api-key') !== '$request.header.x-api-key') {
    throw badRequest('API keys are not supported for HTTP APIs');
  }
}

/** Source: API Gateway API reference, CreateApi: lengths of name, description and version. */
function checkTexts({ Name: name, Description: description = '', Version: version }: Texts): void {
  if (name === '') throw badRequest('Name must not be empty');
  if ((name?.length ?? 0) > 128) throw badRequest('Name must not be longer than 128 characters');
  if (description.length > 1024) throw badRequest('Description must not be longer than 1024 characters');
  if ((version?.length ?? 0) > 64) throw badRequest('Version must not be longer than 64 characters');
}

/** AWS keeps whole seconds here. */
function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

/** Tags of APIs and stages, by ARN `arn:aws:apigateway:<region>::/apis/<id>[/stages/<name>]`. */
function tagOperations(apis: Apis): ApiOperations {
  function change(
    arn: string | undefined,
    context: { accountId: string; region: string },
    next: (tags: Tags) => Tags,
  ): Tags {
    const [, apiId, stageName] = /:\/apis\/([^/]+)(?:\/stages\/(.+))?$/.exec(arn ?? '') ?? [];
    const api = apis.get(apiId, context);
    if (stageName === undefined) {
      const tags = next(api.tags);
      if (tags !== api.tags) apis.save({ ...api, tags });
      return tags;
    }
    const stage = own(api.stages, decodeURIComponent(stageName));
    if (!stage) throw new AwsError('NotFoundException', 'Invalid stage identifier specified', { status: 404 });
    const tags = next(stage.tags);
    if (tags !== stage.tags) apis.save({ ...api, stages: { ...api.stages, [stage.name]: { ...stage, tags } } });
    return tags;
  }

  const path = (input: { ResourceArn?: string | undefined }): string =>
    `/tags/${encodeURIComponent(input.ResourceArn ?? '')}`;
  return {
    GetTags: {
      requires: onPath('GET', path),
      handle: (input, context) => ({ Tags: { ...change(input.ResourceArn, context, (tags) => tags) } }),
    },
    TagResource: {
      requires: onPath('PUT', path),
      handle: (input, context) => {
        change(input.ResourceArn, context, (tags) => ({ ...tags, ...input.Tags }));
        return {};
      },
    },
    UntagResource: {
      requires: onPath('DELETE', path),
      handle: (input, context) => {
        change(input.ResourceArn, context, (tags) => withoutTags(tags, input.TagKeys));
        return {};
      },
    },
  };
}
