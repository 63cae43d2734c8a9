import { NodeBinaries } from '@outbox/local-cloud-compute';
import { awsManagedPolicies } from '@outbox/local-cloud-identity';
import { refusedPart } from '@outbox/local-cloud-observability';
import type { PlannedResource } from './plan';

/** An argument of a resource that the local cloud may refuse, and how that looks where Terraform calls it. */
export interface ArgumentRule {
  readonly type: string;
  /** The argument; one of a block as in `metric_query.expression`. */
  readonly argument: string;
  /** Whether a value is refused; whatever is unset, empty or false is asked for by nobody. */
  readonly refuses: (value: unknown) => boolean;
  /** Types of resources that the argument may refer to where its value isn't known yet; others are refused. */
  readonly mayReferTo?: readonly string[];
  /** What is refused, as the engine says it. */
  readonly what: string;
  /** A call that is refused for it, as the provider makes it. */
  readonly call: { readonly operation: string; readonly input: object };
}

const ROLE = 'arn:aws:iam::000000000000:role/r';
const PLACE = 'us-east-1:000000000000';
const STREAM = `arn:aws:dynamodb:${PLACE}:table/t/stream/2026-01-01T00:00:00.000`;
const BUS = `arn:aws:events:${PLACE}:event-bus/b`;
const FIFO = `arn:aws:sqs:${PLACE}:q.fifo`;
const TOPIC = `arn:aws:sns:${PLACE}:t`;
const KINESIS = `arn:aws:kinesis:${PLACE}:stream/s`;

const set = (value: unknown): boolean =>
  value !== '' && value !== false && !(Array.isArray(value) && value.length === 0);
const otherThan =
  (...known: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === 'string' && !known.includes(value);
const unlike =
  (pattern: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'string' && !pattern.test(value);

const FUNCTION = /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:/;

type Short = readonly [
  argument: string,
  refuses: ArgumentRule['refuses'],
  what: string,
  input: object,
  mayReferTo?: readonly string[],
];

function rules(type: string, operation: string, base: object, short: readonly Short[]): ArgumentRule[] {
  return short.map(([argument, refuses, what, input, mayReferTo]) => ({
    type,
    argument,
    refuses,
    what,
    ...(mayReferTo ? { mayReferTo } : {}),
    call: { operation, input: { ...base, ...input } },
  }));
}

const lambda = {
  FunctionName: 'f',
  Role: ROLE,
  Runtime: 'nodejs22.x',
  Handler: 'index.handler',
  Code: { ZipFile: Buffer.of(1) },
};
const alarm = {
  ...{ AlarmName: 'a', MetricName: 'm', Namespace: 'n', Statistic: 'Sum', Period: 60 },
  ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
};
const pipe = { Name: 'p', RoleArn: ROLE, Source: STREAM, Target: BUS };
const target = (more: object) => ({ Rule: 'r', Targets: [{ Id: 't', Arn: `arn:aws:sqs:${PLACE}:q`, ...more }] });

/** What is refused of arguments; a spec makes each call and sees it refused. */
export const ARGUMENT_RULES: readonly ArgumentRule[] = [
  ...rules('aws_apigatewayv2_api', 'apigatewayv2 CreateApi', { Name: 'a' }, [
    ['protocol_type', otherThan('HTTP'), 'the protocol', { ProtocolType: 'WEBSOCKET' }],
  ]),
  ...rules('aws_cloudwatch_event_bus', 'events CreateEventBus', { Name: 'b' }, [
    ['event_source_name', set, 'partner event sources', { EventSourceName: 'aws.partner/x' }],
    ['dead_letter_config', set, 'dead-letter queues of a bus', { DeadLetterConfig: { Arn: FIFO } }],
    ['log_config', set, 'event bus logging', { LogConfig: { Level: 'INFO' } }],
  ]),
  ...rules('aws_cloudwatch_event_rule', 'events PutRule', { Name: 'r', EventPattern: '{"source":["x"]}' }, [
    ['role_arn', set, 'a role on the rule', { RoleArn: ROLE }],
  ]),
  ...rules('aws_cloudwatch_event_target', 'events PutTargets', {}, [
    [
      'arn',
      unlike(/^arn:[\w-]+:(events|lambda|logs|sns|sqs):/),
      'targets of',
      target({ Arn: KINESIS }),
      [
        ...['aws_cloudwatch_event_bus', 'aws_cloudwatch_log_group', 'aws_lambda_alias', 'aws_lambda_function'],
        ...['aws_sns_topic', 'aws_sqs_queue'],
      ],
    ],
    ['ecs_target', set, 'EcsParameters of a target', target({ EcsParameters: { TaskDefinitionArn: ROLE } })],
    ['http_target', set, 'HttpParameters of a target', target({ HttpParameters: {} })],
    ['kinesis_target', set, 'KinesisParameters of a target', target({ KinesisParameters: { PartitionKeyPath: '$' } })],
  ]),
  ...rules('aws_cloudwatch_log_group', 'logs CreateLogGroup', { logGroupName: 'g' }, [
    ['log_group_class', otherThan('STANDARD', 'INFREQUENT_ACCESS'), 'logGroupClass', { logGroupClass: 'DELIVERY' }],
  ]),
  ...rules('aws_cloudwatch_metric_alarm', 'cloudwatch PutMetricAlarm', alarm, [
    [
      'metric_query.expression',
      (value) => typeof value === 'string' && refusedPart(value) !== undefined,
      'the function SEARCH',
      {
        ...{ MetricName: undefined, Namespace: undefined, Statistic: undefined, Period: undefined },
        Metrics: [{ Id: 'e', Expression: 'SEARCH("{N}", "Sum")', Period: 60, ReturnData: true }],
      },
    ],
    ['period', (value) => typeof value === 'number' && [10, 20, 30].includes(value), 'a period of', { Period: 10 }],
    [
      'comparison_operator',
      (value) => /^(LessThanLower|GreaterThanUpper)/.test(String(value)),
      'anomaly detection',
      { ComparisonOperator: 'GreaterThanUpperThreshold' },
    ],
  ]),
  ...rules('aws_iam_role_policy_attachment', 'iam AttachRolePolicy', { RoleName: 'r' }, [
    [
      'policy_arn',
      (value) => /^arn:[\w-]+:iam::aws:/.test(String(value)) && awsManagedPolicies[String(value)] === undefined,
      'the AWS-managed policy',
      { PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    ],
  ]),
  ...rules('aws_kms_key', 'kms CreateKey', {}, [
    ['customer_master_key_spec', otherThan('SYMMETRIC_DEFAULT'), 'KeySpec', { KeySpec: 'RSA_2048' }],
    ['key_usage', otherThan('ENCRYPT_DECRYPT'), 'KeyUsage', { KeyUsage: 'SIGN_VERIFY' }],
    ['multi_region', set, 'MultiRegion', { MultiRegion: true }],
    ['custom_key_store_id', set, 'CustomKeyStoreId', { CustomKeyStoreId: 'x' }],
  ]),
  ...rules('aws_lambda_event_source_mapping', 'lambda CreateEventSourceMapping', { FunctionName: 'f' }, [
    [
      'event_source_arn',
      unlike(/^arn:[\w-]+:(dynamodb|sqs):/),
      'queues and streams of tables alone',
      { EventSourceArn: KINESIS },
      ['aws_dynamodb_table', 'aws_sqs_queue'],
    ],
  ]),
  ...rules('aws_lambda_function', 'lambda CreateFunction', lambda, [
    ['image_uri', set, 'the option ImageUri', { Code: { ImageUri: 'i' } }],
    [
      'runtime',
      (value) => typeof value === 'string' && !new NodeBinaries().has(value),
      'the runtime',
      { Runtime: 'python3.13' },
    ],
    ['vpc_config', set, 'VpcConfig', { VpcConfig: { SubnetIds: ['subnet-1'] } }],
    ['file_system_config', set, 'FileSystemConfigs', { FileSystemConfigs: [{ Arn: ROLE, LocalMountPath: '/mnt/x' }] }],
  ]),
  ...rules('aws_pipes_pipe', 'pipes CreatePipe', pipe, [
    [
      'source',
      unlike(/^arn:[\w-]+:(sqs:|dynamodb:[\w-]+:\d{12}:table\/[\w.-]+\/stream\/)/),
      'sources other than DynamoDB streams and queues',
      { Source: KINESIS },
      ['aws_dynamodb_table', 'aws_sqs_queue'],
    ],
    [
      'enrichment',
      unlike(FUNCTION),
      'enrichments other than',
      { Enrichment: FIFO },
      ['aws_lambda_function', 'aws_lambda_alias'],
    ],
    [
      'target',
      unlike(/^arn:[\w-]+:(events|lambda|logs|sns|sqs):/),
      'targets other than',
      { Target: KINESIS },
      [
        ...['aws_cloudwatch_event_bus', 'aws_cloudwatch_log_group', 'aws_lambda_alias', 'aws_lambda_function'],
        ...['aws_sns_topic', 'aws_sqs_queue'],
      ],
    ],
  ]),
  ...rules('aws_secretsmanager_secret', 'secretsmanager CreateSecret', { Name: 's' }, [
    ['replica', set, 'AddReplicaRegions', { AddReplicaRegions: [{ Region: 'eu-west-1' }] }],
  ]),
  ...rules('aws_sns_topic', 'sns CreateTopic', { Name: 't' }, [
    ['fifo_topic', set, 'FIFO topics', { Name: 't.fifo' }],
    ['delivery_policy', set, 'DeliveryPolicy', { Attributes: { DeliveryPolicy: '{}' } }],
    ['archive_policy', set, 'ArchivePolicy', { Attributes: { ArchivePolicy: '{}' } }],
    ['tracing_config', otherThan('PassThrough', ''), 'TracingConfig', { Attributes: { TracingConfig: 'Active' } }],
  ]),
  ...rules(
    'aws_sns_topic_subscription',
    'sns Subscribe',
    { TopicArn: TOPIC, Protocol: 'email', Endpoint: 'a@b.example' },
    [
      [
        'protocol',
        otherThan('email', 'email-json', 'lambda', 'sqs'),
        'the protocol',
        { Protocol: 'https', Endpoint: 'https://x.example' },
      ],
    ],
  ),
  ...rules('aws_ssm_parameter', 'ssm PutParameter', { Name: 'p', Value: 'v', Type: 'String' }, [
    ['data_type', otherThan('text', ''), 'the data type', { DataType: 'aws:ec2:image' }],
  ]),
];

/** The values of an argument that are known; several where it is in a block. */
export function valuesAt({ values }: PlannedResource, argument: string): readonly unknown[] {
  const [name = '', member] = argument.split('.');
  const value = values[name];
  const found =
    member === undefined
      ? [value]
      : (Array.isArray(value) ? value : []).map((block: Readonly<Record<string, unknown>>) => block[member]);
  return found.filter((each) => each !== undefined && each !== null);
}
