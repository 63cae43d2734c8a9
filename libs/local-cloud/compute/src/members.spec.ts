import * as apigatewayv2 from '@aws-sdk/client-apigatewayv2';
import * as lambda from '@aws-sdk/client-lambda';
import { NormalizedSchema } from '@smithy/core/schema';
import { startSpecEngine, type SpecEngine } from './testing/spec-engine';

type Schema = Parameters<typeof NormalizedSchema.of>[0];

/** The operations that refuse no unknown member, with the members they read. When an SDK adds one to them, this fails. */
const READ: Readonly<Record<string, string>> = {
  AddPermission:
    'Action EventSourceToken FunctionName FunctionUrlAuthType InvokedViaFunctionUrl Principal PrincipalOrgID Qualifier RevisionId SourceAccount SourceArn StatementId',
  CreateAlias: 'Description FunctionName FunctionVersion Name RoutingConfig',
  DeleteAccessLogSettings: 'ApiId StageName',
  DeleteAlias: 'FunctionName Name',
  DeleteApi: 'ApiId',
  DeleteAuthorizer: 'ApiId AuthorizerId',
  DeleteCorsConfiguration: 'ApiId',
  DeleteDeployment: 'ApiId DeploymentId',
  DeleteEventSourceMapping: 'UUID',
  DeleteFunction: 'FunctionName Qualifier',
  DeleteFunctionConcurrency: 'FunctionName',
  DeleteFunctionEventInvokeConfig: 'FunctionName Qualifier',
  DeleteIntegration: 'ApiId IntegrationId',
  DeleteRoute: 'ApiId RouteId',
  DeleteRouteSettings: 'ApiId RouteKey StageName',
  DeleteStage: 'ApiId StageName',
  GetAccountSettings: '',
  GetAlias: 'FunctionName Name',
  GetApi: 'ApiId',
  GetApis: 'MaxResults NextToken',
  GetAuthorizer: 'ApiId AuthorizerId',
  GetAuthorizers: 'ApiId MaxResults NextToken',
  GetDeployment: 'ApiId DeploymentId',
  GetDeployments: 'ApiId MaxResults NextToken',
  GetEventSourceMapping: 'UUID',
  GetFunction: 'FunctionName Qualifier',
  GetFunctionCodeSigningConfig: 'FunctionName',
  GetFunctionConcurrency: 'FunctionName',
  GetFunctionConfiguration: 'FunctionName Qualifier',
  GetFunctionEventInvokeConfig: 'FunctionName Qualifier',
  GetIntegration: 'ApiId IntegrationId',
  GetIntegrations: 'ApiId MaxResults NextToken',
  GetPolicy: 'FunctionName Qualifier',
  GetRoute: 'ApiId RouteId',
  GetRoutes: 'ApiId MaxResults NextToken',
  GetRuntimeManagementConfig: 'FunctionName Qualifier',
  GetStage: 'ApiId StageName',
  GetStages: 'ApiId MaxResults NextToken',
  GetTags: 'ResourceArn',
  ListAliases: 'FunctionName FunctionVersion Marker MaxItems',
  ListEventSourceMappings: 'EventSourceArn FunctionName Marker MaxItems',
  ListFunctionEventInvokeConfigs: 'FunctionName Marker MaxItems',
  ListTags: 'Resource',
  ListVersionsByFunction: 'FunctionName Marker MaxItems',
  PutFunctionConcurrency: 'FunctionName ReservedConcurrentExecutions',
  PutFunctionEventInvokeConfig:
    'DestinationConfig FunctionName MaximumEventAgeInSeconds MaximumRetryAttempts Qualifier',
  RemovePermission: 'FunctionName Qualifier RevisionId StatementId',
  // Of API Gateway (ResourceArn) and of Lambda.
  TagResource: 'Resource ResourceArn Tags',
  UntagResource: 'Resource ResourceArn TagKeys',
  UpdateAlias: 'Description FunctionName FunctionVersion Name RevisionId RoutingConfig',
  UpdateFunctionEventInvokeConfig:
    'DestinationConfig FunctionName MaximumEventAgeInSeconds MaximumRetryAttempts Qualifier',
};

let spec: SpecEngine;
beforeAll(async () => {
  spec = await startSpecEngine();
});
afterAll(() => spec.close());

/** `[9, namespace, name, traits, input, output]`, see the schemas of the SDK. */
const operations = (['lambda', 'apigatewayv2'] as const).flatMap((service) =>
  Object.values({ lambda, apigatewayv2 }[service])
    .filter(
      (schema): schema is readonly [9, string, string, unknown, Schema] => Array.isArray(schema) && schema[0] === 9,
    )
    .map(([, , operation, , input]) => ({ service, operation, members: membersOf(input) })),
);

function membersOf(input: Schema): string[] {
  const schema = NormalizedSchema.of(input);
  return schema.isStructSchema() ? [...schema.structIterator()].map(([name]) => name) : [];
}

/** How the engine refuses a member that no operation has; undefined when it doesn't. */
async function refusal({ service, operation, members }: (typeof operations)[number]): Promise<string | undefined> {
  const named = members.filter((name) => ['FunctionName', 'UUID', 'ApiId', 'Resource'].includes(name));
  const input = { ...Object.fromEntries(named.map((name) => [name, 'x'])), Surprise: 1 };
  try {
    await spec.call(service, operation as never, input as never);
    return undefined;
  } catch (error) {
    return error instanceof Error && error.name === 'UnsupportedOperation' ? error.message : undefined;
  }
}

it.each(operations)('$service $operation refuses what it does not read', async (one) => {
  const text = await refusal(one);
  if (text !== undefined) expect(text).toMatch(/does not support (the option Surprise|this operation):/);
  else expect(READ[one.operation]?.split(' ')).toEqual(expect.arrayContaining(one.members));
});
