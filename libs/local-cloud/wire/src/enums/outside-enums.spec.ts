import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListEntitiesForPolicyCommand } from '@aws-sdk/client-iam';
import { CreateEventSourceMappingCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreatePipeCommand, PipesClient } from '@aws-sdk/client-pipes';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { NormalizedSchema } from '@smithy/core/schema';
import { CREDENTIALS, recording, startSpecServer, type SpecServer } from '../testing/spec-server';
import { SERVICE_MODELS, serviceModel } from '../catalogue';
import { memberPath } from '../decode';
import type { ServiceModel } from '../model';
import { outsideEnums } from './outside-enums';

const RECORDED = [
  recording('dynamodb', 'Query', () => ({})),
  recording('iam', 'ListEntitiesForPolicy', () => ({})),
  recording('lambda', 'CreateEventSourceMapping', () => ({})),
  recording('logs', 'CreateLogGroup', () => ({})),
  recording('pipes', 'CreatePipe', () => ({})),
  recording('sqs', 'CreateQueue', () => ({})),
];

let server: SpecServer;
const config = () => ({ region: 'us-east-1', credentials: CREDENTIALS, endpoint: server.endpoint, maxAttempts: 1 });

beforeAll(async () => {
  server = await startSpecServer(RECORDED.map(({ service }) => service));
});

afterAll(() => server.close());

const PIPE = { Name: 'p', Source: 's', Target: 't', RoleArn: 'r' };
const MAPPING = { FunctionName: 'f', EventSourceArn: 'a' };

describe('a value outside its enum', () => {
  it.each<[string, () => Promise<unknown>, string, string]>([
    [
      'in a REST body',
      () => new PipesClient(config()).send(new CreatePipeCommand({ ...PIPE, DesiredState: 'PAUSED' as never })),
      'ValidationException',
      "1 validation error detected: Value 'PAUSED' at 'desiredState' failed to satisfy constraint: " +
        'Member must satisfy enum value set: [RUNNING, STOPPED]',
    ],
    [
      'that is empty',
      () =>
        new LambdaClient(config()).send(
          new CreateEventSourceMappingCommand({ ...MAPPING, StartingPosition: '' as never }),
        ),
      'ValidationException',
      "Value '' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [AT_TIMESTAMP, ",
    ],
    [
      'in a list',
      () =>
        new LambdaClient(config()).send(
          new CreateEventSourceMappingCommand({
            ...MAPPING,
            FunctionResponseTypes: ['ReportBatchItemFailure' as never],
          }),
        ),
      'ValidationException',
      "Value '[ReportBatchItemFailure]' at 'functionResponseTypes' failed to satisfy constraint: " +
        'Member must satisfy constraint: [Member must satisfy enum value set: [ReportBatchItemFailures]]',
    ],
    [
      'below a map, of a service that is passed through',
      () =>
        new DynamoDBClient(config()).send(
          new QueryCommand({ TableName: 't', KeyConditions: { pk: { ComparisonOperator: 'IS' as never } } }),
        ),
      'ValidationException',
      "Value 'IS' at 'keyConditions.pk.member.comparisonOperator' failed to satisfy constraint: ",
    ],
    [
      'in a form of the Query protocol',
      () =>
        new IAMClient(config()).send(
          new ListEntitiesForPolicyCommand({ PolicyArn: 'a', EntityFilter: 'Robot' as never }),
        ),
      'ValidationError',
      "Value 'Robot' at 'entityFilter' failed to satisfy constraint: ",
    ],
    [
      'of a service with a code of its own',
      () =>
        new CloudWatchLogsClient(config()).send(
          new CreateLogGroupCommand({ logGroupName: 'g', logGroupClass: 'COLD' as never }),
        ),
      'InvalidParameterException',
      "Value 'COLD' at 'logGroupClass' failed to satisfy constraint: ",
    ],
    [
      'beside one that is missing',
      () =>
        new PipesClient(config()).send(
          new CreatePipeCommand({ ...PIPE, Target: undefined, DesiredState: 'X' as never }),
        ),
      'ValidationException',
      "2 validation errors detected: Value null at 'target' failed to satisfy constraint: Member must not be null; Value 'X' at ",
    ],
  ])('%s is refused before the service is asked', async (_where, sent, name, message) => {
    await expect(sent()).rejects.toMatchObject({ name, message: expect.stringContaining(message) as unknown });
    expect(RECORDED.flatMap(({ inputs }) => inputs)).toEqual([]);
  });

  it('is left to a service that has words of its own', async () => {
    await new SQSClient(config()).send(
      new CreateQueueCommand({ QueueName: 'q', Attributes: { Colour: 'red' } as never }),
    );
    expect(RECORDED.flatMap(({ inputs }) => inputs)).toHaveLength(1);
    const { input } = serviceModel('lambda').operations.get('CreateFunction') ?? {};
    expect(input && outsideEnums(serviceModel('lambda'), input, { Runtime: 'cobol' })).toEqual([]);
  });
});

describe('every enum of every input', () => {
  it.each([...SERVICE_MODELS.values()].map((model) => [model.name, model] as const))(
    'of %s is found where it stands',
    (_name, model) => {
      const unchecked = [...model.operations.values()].flatMap(({ name, input }) =>
        samples(model, input, []).flatMap(({ path, value }) => {
          const found = outsideEnums(model, input, value).map(({ member }) => member);
          return found.join() === path ? [] : [`${name} ${path}: ${found.join()}`];
        }),
      );
      expect(unchecked).toEqual([]);
    },
  );

  it('is no small number', () => {
    const all = [...SERVICE_MODELS.values()].flatMap((model) =>
      [...model.operations.values()].flatMap(({ input }) => samples(model, input, [])),
    );
    expect(all.length).toBeGreaterThan(400);
  });
});

interface Sample {
  readonly path: string;
  readonly value: unknown;
}

/** For every enum in a shape, a value of the shape that is wrong there alone, and the path to it. */
function samples(model: ServiceModel, schema: NormalizedSchema, seen: readonly string[]): Sample[] {
  if (schema.isListSchema()) {
    return samples(model, schema.getValueSchema(), seen).map(({ path, value }) => ({
      path: `1.member.${path}`,
      value: [value],
    }));
  }
  if (schema.isMapSchema()) {
    return samples(model, schema.getValueSchema(), seen).map(({ path, value }) => ({
      path: `key.member.${path}`,
      value: { key: value },
    }));
  }
  const name = schema.getName() ?? '';
  if (!schema.isStructSchema() || seen.includes(name)) return [];
  return [...schema.structIterator()].flatMap(([member, shape]) => {
    const at = memberPath(member);
    if (model.enums.of(schema, member)) return [{ path: at, value: { [member]: wrong(shape) } }];
    return samples(model, shape, [...seen, name]).map(({ path, value }) => ({
      path: `${at}.${path}`,
      value: { [member]: value },
    }));
  });
}

function wrong(schema: NormalizedSchema): unknown {
  if (schema.isListSchema()) return ['nothing known'];
  return schema.isMapSchema() ? { 'nothing known': 'value' } : 'nothing known';
}
