import type {
  Api,
  Authorizer,
  Cors,
  Deployment,
  Integration,
  Route,
  RouteSettings,
  Stage,
} from '@aws-sdk/client-apigatewayv2';
import type {
  ApiRecord,
  AuthorizerRecord,
  CorsRecord,
  DeploymentRecord,
  IntegrationRecord,
  RouteRecord,
  RouteSettingsRecord,
  StageRecord,
} from './model';

/** An API as AWS describes it; the endpoint is the engine's own, so that what Terraform outputs can be called. */
export function describeApi(api: ApiRecord, origin: string): Api {
  return {
    ApiId: api.apiId,
    ApiEndpoint: `${origin}/_api/${api.apiId}`,
    ApiKeySelectionExpression: '$request.header.x-api-key',
    CreatedDate: new Date(api.createdAt),
    DisableExecuteApiEndpoint: api.disabled,
    IpAddressType: api.ipAddressType,
    Name: api.name,
    ProtocolType: 'HTTP',
    RouteSelectionExpression: '$request.method $request.path',
    Tags: { ...api.tags },
    ...(api.cors ? { CorsConfiguration: describeCors(api.cors) } : {}),
    ...(api.description === undefined ? {} : { Description: api.description }),
    ...(api.version === undefined ? {} : { Version: api.version }),
  };
}

/** Empty lists are left out, as AWS does. */
function describeCors(cors: CorsRecord): Cors {
  const list = (name: keyof Cors, values: readonly string[]): Cors =>
    values.length > 0 ? { [name]: [...values] } : {};
  return {
    AllowCredentials: cors.allowCredentials,
    ...list('AllowHeaders', cors.allowHeaders),
    ...list('AllowMethods', cors.allowMethods),
    ...list('AllowOrigins', cors.allowOrigins),
    ...list('ExposeHeaders', cors.exposeHeaders),
    ...(cors.maxAge === undefined ? {} : { MaxAge: cors.maxAge }),
  };
}

export function describeAuthorizer(authorizer: AuthorizerRecord): Authorizer {
  return {
    AuthorizerId: authorizer.authorizerId,
    AuthorizerType: 'JWT',
    IdentitySource: [authorizer.identitySource],
    JwtConfiguration: { Audience: [...authorizer.audience], Issuer: authorizer.issuer },
    Name: authorizer.name,
  };
}

export function describeIntegration(integration: IntegrationRecord): Integration {
  return {
    ConnectionType: 'INTERNET',
    IntegrationId: integration.integrationId,
    IntegrationMethod: integration.method,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: integration.uri,
    PayloadFormatVersion: '2.0',
    TimeoutInMillis: integration.timeoutMs,
    ...(integration.description === undefined ? {} : { Description: integration.description }),
    ...(integration.credentialsArn === undefined ? {} : { CredentialsArn: integration.credentialsArn }),
  };
}

export function describeRoute(route: RouteRecord): Route {
  const { authorization } = route;
  return {
    ApiKeyRequired: false,
    AuthorizationType: authorization?.type ?? 'NONE',
    RouteId: route.routeId,
    RouteKey: route.routeKey,
    ...(route.integrationId === undefined ? {} : { Target: `integrations/${route.integrationId}` }),
    ...(authorization?.type === 'JWT'
      ? { AuthorizerId: authorization.authorizerId, AuthorizationScopes: [...authorization.scopes] }
      : {}),
    ...(route.operationName === undefined ? {} : { OperationName: route.operationName }),
  };
}

export function describeStage(stage: StageRecord): Stage {
  return {
    StageName: stage.name,
    AutoDeploy: stage.autoDeploy,
    CreatedDate: new Date(stage.createdAt),
    LastUpdatedDate: new Date(stage.updatedAt),
    DefaultRouteSettings: describeSettings(stage.defaultRouteSettings),
    RouteSettings: Object.fromEntries(
      Object.entries(stage.routeSettings).map(([key, settings]) => [key, describeSettings(settings)]),
    ),
    StageVariables: { ...stage.variables },
    Tags: { ...stage.tags },
    ...(stage.accessLog
      ? { AccessLogSettings: { DestinationArn: stage.accessLog.destinationArn, Format: stage.accessLog.format } }
      : {}),
    ...(stage.description === undefined ? {} : { Description: stage.description }),
    ...(stage.deploymentId === undefined ? {} : { DeploymentId: stage.deploymentId }),
    ...(stage.deploymentMessage === undefined ? {} : { LastDeploymentStatusMessage: stage.deploymentMessage }),
  };
}

export function describeDeployment(deployment: DeploymentRecord): Deployment {
  return {
    AutoDeployed: deployment.autoDeployed,
    CreatedDate: new Date(deployment.createdAt),
    DeploymentId: deployment.deploymentId,
    DeploymentStatus: 'DEPLOYED',
    ...(deployment.description === undefined ? {} : { Description: deployment.description }),
  };
}

function describeSettings(settings: RouteSettingsRecord): RouteSettings {
  return {
    DetailedMetricsEnabled: settings.detailedMetrics,
    ...(settings.burstLimit === undefined ? {} : { ThrottlingBurstLimit: settings.burstLimit }),
    ...(settings.rateLimit === undefined ? {} : { ThrottlingRateLimit: settings.rateLimit }),
  };
}
