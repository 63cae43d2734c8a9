import type { RouteSettings } from '@aws-sdk/client-apigatewayv2';
import {
  own,
  AwsError,
  parseArn,
  unsupported,
  type Engine,
  type RequestContext,
  type Requirement,
} from '@outbox/local-cloud-kernel';
import { refuseUnknownOptions } from '../../refuse';
import { onPath, type ApiOperations, type Apis } from '../apis';
import { describeDeployment, describeStage } from '../describe';
import { badRequest, conflict, notFound } from '../errors';
import { listPage } from '../list-page';
import type { ApiRecord, RouteSettingsRecord, StageRecord } from '../model';

const OPTIONS = [
  'ApiId',
  'StageName',
  'Description',
  'AutoDeploy',
  'DeploymentId',
  'AccessLogSettings',
  'DefaultRouteSettings',
  'RouteSettings',
  'StageVariables',
  'Tags',
];

/** Who turns access logs on needs these. Source: API Gateway developer guide, http-api-logging.permissions. */
const LOG_DELIVERY_ACTIONS = [
  'logs:CreateLogDelivery',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
  'logs:DescribeResourcePolicies',
];

interface Input {
  readonly Description?: string | undefined;
  readonly AutoDeploy?: boolean | undefined;
  readonly DeploymentId?: string | undefined;
  readonly AccessLogSettings?:
    { readonly DestinationArn?: string | undefined; readonly Format?: string | undefined } | undefined;
  readonly DefaultRouteSettings?: RouteSettings | undefined;
  readonly RouteSettings?: Record<string, RouteSettings> | undefined;
  readonly StageVariables?: Record<string, string> | undefined;
}

/** Stages and deployments. */
export function stageOperations(engine: Engine, apis: Apis): ApiOperations {
  const path = (input: { ApiId?: string | undefined; StageName?: string | undefined }): string =>
    `/apis/${input.ApiId ?? ''}/stages${input.StageName === undefined ? '' : `/${input.StageName}`}`;
  const withLogs = (input: Input): readonly Requirement[] =>
    input.AccessLogSettings?.DestinationArn ? LOG_DELIVERY_ACTIONS.map((action) => ({ action, resource: '*' })) : [];

  /** AWS sets up the delivery when the stage is saved: the group must be there. */
  async function checkLog(stage: StageRecord, context: RequestContext): Promise<void> {
    if (!stage.accessLog) return;
    const { resource, service } = parseArn(stage.accessLog.destinationArn);
    if (service !== 'logs')
      throw unsupported('apigatewayv2', 'access logs', `the destination ${stage.accessLog.destinationArn}`);
    const name = resource.replace(/^log-group:/, '').replace(/:\*$/, '');
    const { logGroups } = await engine.calls.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: name }, context);
    if (!logGroups?.some((group) => group.logGroupName === name)) {
      throw badRequest('Access logging destination does not exist: The specified log group does not exist.');
    }
  }

  function save(api: ApiRecord, stage: StageRecord) {
    const changed = { ...api, stages: { ...api.stages, [stage.name]: stage } };
    const isNew = stage.autoDeploy && api.stages[stage.name]?.autoDeploy !== true;
    const saved = isNew ? apis.saveAndDeploy(changed) : apis.save(changed);
    return describeStage(saved.stages[stage.name] ?? stage);
  }

  return {
    CreateStage: {
      requires: (input, context) => [...onPath('POST', path)({ ApiId: input.ApiId }, context), ...withLogs(input)],
      handle: async (input, context) => {
        refuseUnknownOptions('apigatewayv2', 'CreateStage', input, OPTIONS);
        const api = apis.get(input.ApiId, context);
        const name = input.StageName ?? '';
        if (!/^(\$default|[a-zA-Z0-9_-]{1,128})$/.test(name))
          throw badRequest('Stage name only allows a-zA-Z0-9_- and $default');
        if (own(api.stages, name)) throw conflict('Stage already exists');
        const now = engine.clock.now();
        const stage = merge(api, input, {
          name,
          description: undefined,
          autoDeploy: false,
          deploymentId: undefined,
          deploymentMessage: undefined,
          accessLog: undefined,
          defaultRouteSettings: { detailedMetrics: false, burstLimit: undefined, rateLimit: undefined },
          routeSettings: {},
          variables: {},
          tags: input.Tags ?? {},
          createdAt: now,
          updatedAt: now,
        });
        await checkLog(stage, context);
        return save(apis.get(input.ApiId, context), stage);
      },
    },
    GetStage: {
      requires: onPath('GET', path),
      handle: (input, context) => describeStage(find(apis.get(input.ApiId, context), input.StageName)),
    },
    GetStages: {
      requires: onPath('GET', path),
      handle: (input, context) => {
        const all = Object.values(apis.get(input.ApiId, context).stages);
        const { items, next } = listPage(all, input);
        return { Items: items.map(describeStage), NextToken: next };
      },
    },
    UpdateStage: {
      requires: (input, context) => [...onPath('PATCH', path)(input, context), ...withLogs(input)],
      handle: async (input, context) => {
        refuseUnknownOptions('apigatewayv2', 'UpdateStage', input, OPTIONS);
        const api = apis.get(input.ApiId, context);
        const stage = merge(api, input, { ...find(api, input.StageName), updatedAt: engine.clock.now() });
        await checkLog(stage, context);
        return save(apis.get(input.ApiId, context), stage);
      },
    },
    DeleteAccessLogSettings: {
      requires: onPath('DELETE', (input) => `${path(input)}/accesslogsettings`),
      handle: (input, context) => {
        const api = apis.get(input.ApiId, context);
        save(api, { ...find(api, input.StageName), accessLog: undefined });
        return {};
      },
    },
    DeleteRouteSettings: {
      requires: onPath('DELETE', (input) => `${path(input)}/routesettings/${input.RouteKey ?? ''}`),
      handle: (input, context) => {
        const api = apis.get(input.ApiId, context);
        const stage = find(api, input.StageName);
        const { [input.RouteKey ?? '']: _gone, ...routeSettings } = stage.routeSettings;
        save(api, { ...stage, routeSettings });
        return {};
      },
    },
    DeleteStage: {
      requires: onPath('DELETE', path),
      handle: (input, context) => {
        const api = apis.get(input.ApiId, context);
        const { [find(api, input.StageName).name]: _gone, ...stages } = api.stages;
        apis.save({ ...api, stages });
        return {};
      },
    },
    ...deploymentOperations(apis),
  };
}

function deploymentOperations(apis: Apis): ApiOperations {
  const path = (input: { ApiId?: string | undefined; DeploymentId?: string | undefined }): string =>
    `/apis/${input.ApiId ?? ''}/deployments${input.DeploymentId === undefined ? '' : `/${input.DeploymentId}`}`;
  const get = (api: ApiRecord, deploymentId: string | undefined) => {
    const deployment = own(api.deployments, deploymentId);
    if (!deployment) throw notFound('Deployment', deploymentId);
    return deployment;
  };
  return {
    CreateDeployment: {
      requires: onPath('POST', path),
      handle: (input, context) => {
        refuseUnknownOptions('apigatewayv2', 'CreateDeployment', input, ['ApiId', 'Description', 'StageName']);
        const api = apis.get(input.ApiId, context);
        if (Object.keys(api.routes).length === 0)
          throw badRequest('Unable to deploy API because no routes exist in this API');
        const stage = input.StageName === undefined ? undefined : find(api, input.StageName);
        const deployed = apis.deploy(api, stage, false, input.Description);
        apis.save(deployed.api);
        return describeDeployment(deployed.deployment);
      },
    },
    GetDeployment: {
      requires: onPath('GET', path),
      handle: (input, context) => describeDeployment(get(apis.get(input.ApiId, context), input.DeploymentId)),
    },
    GetDeployments: {
      requires: onPath('GET', path),
      handle: (input, context) => {
        const all = Object.values(apis.get(input.ApiId, context).deployments);
        const { items, next } = listPage(all, input);
        return { Items: items.map(describeDeployment), NextToken: next };
      },
    },
    DeleteDeployment: {
      requires: onPath('DELETE', path),
      handle: (input, context) => {
        const api = apis.get(input.ApiId, context);
        const { deploymentId } = get(api, input.DeploymentId);
        const user = Object.values(api.stages).find((stage) => stage.deploymentId === deploymentId);
        if (user) throw badRequest(`Active stages pointing to this deployment must be moved or deleted: ${user.name}`);
        const { [deploymentId]: _gone, ...deployments } = api.deployments;
        apis.save({ ...api, deployments });
        return {};
      },
    },
  };
}

function find(api: ApiRecord, stageName: string | undefined): StageRecord {
  const stage = own(api.stages, stageName);
  if (!stage) throw new AwsError('NotFoundException', 'Invalid stage identifier specified', { status: 404 });
  return stage;
}

function merge(api: ApiRecord, input: Input, current: StageRecord): StageRecord {
  const autoDeploy = input.AutoDeploy ?? current.autoDeploy;
  if (input.DeploymentId !== undefined && input.DeploymentId !== current.deploymentId) {
    if (autoDeploy) throw badRequest('Deployment ID cannot be set on stages with AutoDeploy enabled');
    if (!own(api.deployments, input.DeploymentId)) throw notFound('Deployment', input.DeploymentId);
  }
  return {
    ...current,
    description: input.Description ?? current.description,
    autoDeploy,
    deploymentId: input.DeploymentId ?? current.deploymentId,
    accessLog: input.AccessLogSettings ? accessLog(input.AccessLogSettings) : current.accessLog,
    defaultRouteSettings: input.DefaultRouteSettings
      ? settings(input.DefaultRouteSettings, current.defaultRouteSettings)
      : current.defaultRouteSettings,
    routeSettings: { ...current.routeSettings, ...routeSettings(api, input.RouteSettings ?? {}) },
    variables: input.StageVariables ?? current.variables,
  };
}

/** Source: http-api-quotas and http-api-logging (the format needs a request id; 3 KB). */
function accessLog(input: NonNullable<Input['AccessLogSettings']>): StageRecord['accessLog'] {
  if (!input.DestinationArn && !input.Format) return undefined;
  const format = input.Format ?? '';
  if (!/\$context\.(requestId|extendedRequestId)/.test(format)) {
    throw badRequest('Access log format must contain $context.requestId or $context.extendedRequestId');
  }
  if (Buffer.byteLength(format) > 3072) throw badRequest('Access log format must not be larger than 3 KB');
  if (!input.DestinationArn) throw badRequest('Access log settings need a destination ARN');
  return { destinationArn: input.DestinationArn, format };
}

function routeSettings(api: ApiRecord, input: Record<string, RouteSettings>): Record<string, RouteSettingsRecord> {
  const keys = new Set(Object.values(api.routes).map((route) => route.routeKey));
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => {
      if (!keys.has(key)) {
        throw new AwsError(
          'NotFoundException',
          `Unable to find Route by key ${key} within the provided RouteSettings`,
          {
            status: 404,
          },
        );
      }
      return [key, settings(value, undefined)];
    }),
  );
}

function settings(input: RouteSettings, current: RouteSettingsRecord | undefined): RouteSettingsRecord {
  if (input.DataTraceEnabled === true || (input.LoggingLevel ?? 'OFF') !== 'OFF') {
    throw badRequest('Execution logs are not supported on protocol type HTTP');
  }
  return {
    detailedMetrics: input.DetailedMetricsEnabled ?? current?.detailedMetrics ?? false,
    burstLimit: input.ThrottlingBurstLimit ?? current?.burstLimit,
    rateLimit: input.ThrottlingRateLimit ?? current?.rateLimit,
  };
}
