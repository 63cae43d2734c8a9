import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateApiCommand, CreateRouteCommand, CreateStageCommand } from '@aws-sdk/client-apigatewayv2';
import type { Clients } from '../cloud';
import { createFunction, createQueue, echoZip, settled } from '../fixtures';
import { each, five, type PageCase } from './page-case';

/** Lambda and API Gateway. */
export const computePages: readonly PageCase[] = [
  {
    service: 'lambda',
    operation: 'ListFunctions',
    make: async (clients) => (await each(five, (name) => createFunction(clients, name)), {}),
    list: 'Functions',
    name: 'FunctionName',
    expected: five,
  },
  {
    service: 'lambda',
    operation: 'ListVersionsByFunction',
    make: async (clients) => {
      await createFunction(clients, 'f');
      await each(['4', '5', '6', '7'], async (seconds) => {
        await clients.lambda.send(
          new UpdateFunctionConfigurationCommand({ FunctionName: 'f', Timeout: Number(seconds) }),
        );
        await settled(clients, 'f');
        await clients.lambda.send(new PublishVersionCommand({ FunctionName: 'f' }));
      });
      return { FunctionName: 'f' };
    },
    list: 'Versions',
    name: 'Version',
    expected: ['$LATEST', '1', '2', '3', '4'],
  },
  {
    service: 'lambda',
    operation: 'ListLayers',
    make: async (clients) => (await each(five, (name) => publishLayer(clients, name)), {}),
    list: 'Layers',
    name: 'LayerName',
    expected: five,
  },
  {
    service: 'lambda',
    operation: 'ListLayerVersions',
    make: async (clients) => (await each(five, () => publishLayer(clients, 'l')), { LayerName: 'l' }),
    list: 'LayerVersions',
    name: 'Version',
    expected: ['1', '2', '3', '4', '5'],
  },
  {
    service: 'lambda',
    operation: 'ListAliases',
    make: async (clients) => {
      await createFunction(clients, 'f');
      await each(five, (Name) =>
        clients.lambda.send(new CreateAliasCommand({ FunctionName: 'f', Name, FunctionVersion: '$LATEST' })),
      );
      return { FunctionName: 'f' };
    },
    list: 'Aliases',
    name: 'Name',
    expected: five,
  },
  {
    service: 'lambda',
    operation: 'ListFunctionEventInvokeConfigs',
    make: async (clients) => {
      await createFunction(clients, 'f');
      await each(five, async (Name) => {
        await clients.lambda.send(new CreateAliasCommand({ FunctionName: 'f', Name, FunctionVersion: '$LATEST' }));
        await clients.lambda.send(
          new PutFunctionEventInvokeConfigCommand({ FunctionName: 'f', Qualifier: Name, MaximumRetryAttempts: 1 }),
        );
      });
      return { FunctionName: 'f' };
    },
    list: 'FunctionEventInvokeConfigs',
    name: 'FunctionArn',
    expected: five,
  },
  {
    service: 'lambda',
    operation: 'ListEventSourceMappings',
    make: async (clients) => {
      await createFunction(clients, 'f');
      await clients.iam.send(
        new PutRolePolicyCommand({
          RoleName: 'f-role',
          PolicyName: 'poll',
          PolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
          }),
        }),
      );
      await each(five, async (name) => {
        const { arn: EventSourceArn } = await createQueue(clients, name);
        await clients.lambda.send(
          new CreateEventSourceMappingCommand({ FunctionName: 'f', EventSourceArn, Enabled: false }),
        );
      });
      return { FunctionName: 'f' };
    },
    list: 'EventSourceMappings',
    name: 'EventSourceArn',
    expected: five,
  },
  {
    service: 'apigatewayv2',
    operation: 'GetApis',
    make: async ({ apigatewayv2 }) => (
      await each(five, (Name) => apigatewayv2.send(new CreateApiCommand({ Name, ProtocolType: 'HTTP' }))),
      {}
    ),
    list: 'Items',
    name: 'Name',
    expected: five,
    manual: ['NextToken', 'NextToken', 'MaxResults'],
  },
  {
    service: 'apigatewayv2',
    operation: 'GetRoutes',
    make: async ({ apigatewayv2 }) => {
      const { ApiId } = await apigatewayv2.send(new CreateApiCommand({ Name: 'a', ProtocolType: 'HTTP' }));
      await each(five, (name) => apigatewayv2.send(new CreateRouteCommand({ ApiId, RouteKey: `GET /${name}` })));
      return { ApiId };
    },
    list: 'Items',
    name: 'RouteKey',
    expected: five,
    manual: ['NextToken', 'NextToken', 'MaxResults'],
  },
  {
    service: 'apigatewayv2',
    operation: 'GetStages',
    make: async ({ apigatewayv2 }) => {
      const { ApiId } = await apigatewayv2.send(new CreateApiCommand({ Name: 'a', ProtocolType: 'HTTP' }));
      await each(five, (StageName) => apigatewayv2.send(new CreateStageCommand({ ApiId, StageName })));
      return { ApiId };
    },
    list: 'Items',
    name: 'StageName',
    expected: five,
    manual: ['NextToken', 'NextToken', 'MaxResults'],
  },
];

function publishLayer({ lambda }: Clients, LayerName: string) {
  return lambda.send(new PublishLayerVersionCommand({ LayerName, Content: { ZipFile: echoZip() } }));
}
