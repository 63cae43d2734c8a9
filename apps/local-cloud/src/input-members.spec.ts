import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { ServiceName } from '@outbox/local-cloud-kernel';
import { serviceModel } from '@outbox/local-cloud-wire';
import { specParts } from './testing/services';

const LIBS = join(__dirname, '../../../libs/local-cloud');

/** Where a service's code is; DynamoDB's members are DynamoDB Local's to read. */
const FOLDERS: Readonly<Partial<Record<ServiceName, readonly string[]>>> = {
  apigatewayv2: ['compute/src/api'],
  cloudwatch: ['observability/src/cloudwatch'],
  events: ['messaging/src/events'],
  iam: ['identity/src/iam'],
  kms: ['identity/src/kms'],
  lambda: ['compute/src/lambda'],
  logs: ['observability/src/logs'],
  pipes: ['messaging/src/pipes'],
  s3: ['storage/src'],
  scheduler: ['messaging/src/scheduler'],
  secretsmanager: ['configuration/src/secrets'],
  sns: ['messaging/src/sns'],
  sqs: ['messaging/src/sqs'],
  ssm: ['configuration/src/parameters'],
  sts: ['identity/src/sts'],
};

/** What takes the tags of every service. */
const TAGS = 'kernel/src/tag-set.ts';

/** Services that take what they name, and refuse every other member. */
const REFUSE_ALL_OTHERS: readonly ServiceName[] = ['apigatewayv2', 'lambda', 'pipes', 's3', 'scheduler'];

/** Members that no code names, and why none has to. */
const UNNAMED: Readonly<Partial<Record<ServiceName, Readonly<Record<string, string>>>>> = {
  cloudwatch: {
    StrictEntityValidation: 'concerns EntityMetricData, which is refused',
  },
  events: {
    Force: 'concerns rules that AWS’s services manage: there are none',
  },
  logs: {
    interleaved: 'AWS ignores it (API reference, FilterLogEvents)',
    sequenceToken: 'AWS ignores it (API reference, PutLogEvents)',
    entity: 'nothing that is run returns it',
    unmask: 'nothing is masked: data protection policies are not run',
  },
};

/** Members that hold others and are refused whole. */
const REFUSED_WHOLE: Readonly<Partial<Record<ServiceName, readonly string[]>>> = {
  cloudwatch: [
    ...['ActionConfiguration', 'EntityMetricData', 'EvaluationCriteria', 'EvaluationWindow', 'LabelOptions'],
    'WarmUpConfiguration',
  ],
  events: [
    ...['AppSyncParameters', 'BatchParameters', 'EcsParameters', 'HttpParameters', 'KinesisParameters', 'LogConfig'],
    ...['RedshiftDataParameters', 'RunCommandParameters', 'SageMakerPipelineParameters'],
  ],
  kms: ['Recipient'],
  secretsmanager: ['AddReplicaRegions'],
  sts: ['ProvidedContexts', 'Tags'],
};

const { dispatcher } = specParts();

describe('members of inputs', () => {
  it.each([...dispatcher.services()].filter(({ name }) => FOLDERS[name] && !REFUSE_ALL_OTHERS.includes(name)))(
    'of $name are each named by its code, or told of here',
    ({ name, operations }) => {
      const folders = (FOLDERS[name] ?? []).map((folder) => join(LIBS, folder));
      const words = new Set([...folders.flatMap(wordsIn), ...wordsOf(join(LIBS, TAGS))]);
      const unnamed = Object.keys(operations).flatMap((operation) => {
        const { input } = serviceModel(name).operations.get(operation) ?? {};
        return [...membersOf(input, [...(REFUSED_WHOLE[name] ?? []), ...Object.keys(UNNAMED[name] ?? {})])].filter(
          (member) => !words.has(member),
        );
      });
      expect([...new Set(unnamed)].sort()).toEqual(Object.keys(UNNAMED[name] ?? {}).sort());
    },
  );

  const alarm = {
    AlarmName: 'a',
    AlarmRule: 'TRUE',
    MetricName: 'm',
    Namespace: 'n',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
  };
  const role = { RoleArn: 'arn:aws:iam::000000000000:role/none', RoleSessionName: 'session' };
  const policy = { policyName: 'p', policyDocument: '{}' };
  const event = { Source: 's', DetailType: 't', Detail: '{}' };

  it.each<[ServiceName, string, string, object]>([
    ['cloudwatch', 'GetMetricData', 'LabelOptions', { LabelOptions: { Timezone: '+0100' }, MetricDataQueries: [] }],
    ['cloudwatch', 'PutCompositeAlarm', 'ActionConfiguration', { ...alarm, ActionConfiguration: {} }],
    ['cloudwatch', 'PutCompositeAlarm', 'ActionsSuppressorWaitPeriod', { ...alarm, ActionsSuppressorWaitPeriod: 5 }],
    ['cloudwatch', 'PutMetricAlarm', 'ActionConfiguration', { ...alarm, ActionConfiguration: {} }],
    ['cloudwatch', 'PutMetricAlarm', 'EvaluationWindow', { ...alarm, EvaluationWindow: {} }],
    ['cloudwatch', 'PutMetricAlarm', 'WarmUpConfiguration', { ...alarm, WarmUpConfiguration: {} }],
    ['events', 'PutEvents', 'TraceHeader', { Entries: [{ ...event, TraceHeader: 'Root=1' }] }],
    ['logs', 'DeleteResourcePolicy', 'expectedRevisionId', { ...policy, expectedRevisionId: '1' }],
    ['logs', 'DescribeLogGroups', 'includeLinkedAccounts', { includeLinkedAccounts: true }],
    ['logs', 'DescribeResourcePolicies', 'policyScope', { policyScope: 'RESOURCE' }],
    ['logs', 'PutResourcePolicy', 'resourceArn', { ...policy, resourceArn: 'arn' }],
    ['sts', 'AssumeRole', 'SourceIdentity', { ...role, SourceIdentity: 'me' }],
    ['sts', 'AssumeRole', 'TransitiveTagKeys', { ...role, TransitiveTagKeys: ['a'] }],
  ])('%s %s refuses %s, which it does not run', async (service, operation, member, input) => {
    await expect(
      dispatcher.dispatch(input, {
        accountId: '000000000000',
        region: 'us-east-1',
        caller: {
          kind: 'root',
          accountId: '000000000000',
          arn: 'arn:aws:iam::000000000000:root',
          userId: '000000000000',
        },
        requestId: 'r',
        service,
        operation,
        signal: new AbortController().signal,
      }),
    ).rejects.toMatchObject({ code: 'UnsupportedOperation', message: expect.stringContaining(member) as unknown });
  });
});

/** Every word of a folder's code, specs apart. */
function wordsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .flatMap((file) => wordsOf(join(folder, file)));
}

function wordsOf(file: string): string[] {
  return readFileSync(file, 'utf8').match(/\w+/g) ?? [];
}

/** Names of the members of a shape and of what is in it; `closed` ones are not looked into. */
function membersOf(
  schema: NormalizedSchema | undefined,
  closed: readonly string[],
  names = new Set<string>(),
  seen = new Set<string>(),
): Set<string> {
  if (schema?.isListSchema() || schema?.isMapSchema()) return membersOf(schema.getValueSchema(), closed, names, seen);
  if (!schema?.isStructSchema() || seen.has(schema.getName() ?? '')) return names;
  seen.add(schema.getName() ?? '');
  for (const [name, member] of schema.structIterator()) {
    names.add(name);
    if (!closed.includes(name)) membersOf(member, closed, names, seen);
  }
  return names;
}
