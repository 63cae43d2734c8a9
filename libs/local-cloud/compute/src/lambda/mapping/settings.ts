import type {
  CreateEventSourceMappingCommandInput,
  UpdateEventSourceMappingCommandInput,
} from '@aws-sdk/client-lambda';
import { parseArn, unsupported } from '@outbox/local-cloud-kernel';
import { checkNumber } from '../constraints';
import { invalidParameter } from '../errors';
import { readFilters } from './filter';
import type { MappingRecord } from './mappings';

type Input = CreateEventSourceMappingCommandInput | UpdateEventSourceMappingCommandInput;
type Settings = Pick<
  MappingRecord,
  'batchSize' | 'windowSeconds' | 'maximumConcurrency' | 'filters' | 'reportsFailures' | 'stream'
>;
type StreamOptions = NonNullable<MappingRecord['stream']>;

const COMMON = [
  'UUID',
  'EventSourceArn',
  'FunctionName',
  'Enabled',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'FilterCriteria',
  'FunctionResponseTypes',
  'Tags',
];

/** The members of a request that are run, by the service of its source. */
export const OPTIONS: Readonly<Record<'sqs' | 'dynamodb', readonly string[]>> = {
  sqs: [...COMMON, 'ScalingConfig', 'DestinationConfig'],
  dynamodb: [
    ...COMMON,
    'StartingPosition',
    'BisectBatchOnFunctionError',
    'DestinationConfig',
    'MaximumRecordAgeInSeconds',
    'MaximumRetryAttempts',
    'ParallelizationFactor',
  ],
};

/** Those of any source. */
export const ALL_OPTIONS: readonly string[] = [...OPTIONS.sqs, ...OPTIONS.dynamodb];

/** What a mapping polls. @throws AwsError InvalidParameterValueException, or UnsupportedOperation for what isn't polled here */
export function sourceOf(arn: string | undefined): { readonly arn: string; readonly kind: 'sqs' | 'dynamodb' } {
  if (arn === undefined) throw invalidParameter('Unrecognized event source.');
  const { service } = parseArn(arn);
  if (service !== 'sqs' && service !== 'dynamodb') {
    throw unsupported('lambda', 'CreateEventSourceMapping', `${arn}, it polls queues and streams of tables alone`);
  }
  return { arn, kind: service };
}

/**
 * A mapping's settings, with AWS's defaults. Source: Lambda API reference, CreateEventSourceMapping.
 * @throws AwsError InvalidParameterValueException, ValidationException
 */
export function settings(input: Input, sourceArn: string, current?: MappingRecord): Settings {
  const { kind } = sourceOf(sourceArn);
  const isFifo = sourceArn.endsWith('.fifo');
  const batchSize = input.BatchSize ?? current?.batchSize ?? (kind === 'sqs' ? 10 : 100);
  const windowSeconds = input.MaximumBatchingWindowInSeconds ?? current?.windowSeconds ?? 0;
  const maximumConcurrency = input.ScalingConfig ? input.ScalingConfig.MaximumConcurrency : current?.maximumConcurrency;
  const types = input.FunctionResponseTypes;
  // Lambda developer guide, services-sqs-parameters; it publishes no text for a FIFO queue's window.
  checkNumber(batchSize, 'batchSize', 1, isFifo ? 10 : 10_000);
  checkNumber(windowSeconds, 'maximumBatchingWindowInSeconds', 0, 300);
  if (isFifo && windowSeconds > 0) throw invalidParameter('Batching windows are not supported for FIFO queues.');
  if (kind === 'sqs' && batchSize > 10 && windowSeconds < 1) {
    throw invalidParameter(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  }
  // Recorded on AWS by LocalStack's test_event_source_mapping_exceptions.
  if (kind === 'sqs' && input.DestinationConfig?.OnFailure?.Destination) {
    throw invalidParameter('Unsupported DestinationConfig parameter for given event source mapping type.');
  }
  checkNumber(maximumConcurrency, 'scalingConfig.maximumConcurrency', 2, 1000);
  return {
    batchSize,
    windowSeconds,
    maximumConcurrency,
    filters: input.FilterCriteria ? readFilters(input.FilterCriteria) : current?.filters,
    reportsFailures: types ? types.includes('ReportBatchItemFailures') : (current?.reportsFailures ?? false),
    ...(kind === 'dynamodb' ? { stream: streamOptions(input, sourceArn, current?.stream) } : {}),
  };
}

/** -1 is without limit, as AWS has it. */
function streamOptions(input: Input, sourceArn: string, current: StreamOptions | undefined): StreamOptions {
  const startingPosition = current?.startingPosition ?? startOf(input, sourceArn);
  const options: StreamOptions = {
    startingPosition,
    maximumRecordAgeSeconds: input.MaximumRecordAgeInSeconds ?? current?.maximumRecordAgeSeconds ?? -1,
    maximumRetryAttempts: input.MaximumRetryAttempts ?? current?.maximumRetryAttempts ?? -1,
    parallelizationFactor: input.ParallelizationFactor ?? current?.parallelizationFactor ?? 1,
    bisect: input.BisectBatchOnFunctionError ?? current?.bisect ?? false,
    onFailure: input.DestinationConfig ? input.DestinationConfig.OnFailure?.Destination : current?.onFailure,
  };
  const age = options.maximumRecordAgeSeconds;
  checkNumber(age, 'maximumRecordAgeInSeconds', -1, 604_800);
  // API reference: -1, or at least 60; it publishes no text.
  if (age !== -1 && age < 60) throw invalidParameter('MaximumRecordAgeInSeconds is -1, or between 60 and 604800.');
  checkNumber(options.maximumRetryAttempts, 'maximumRetryAttempts', -1, 10_000);
  checkNumber(options.parallelizationFactor, 'parallelizationFactor', 1, 10);
  return options;
}

/** Recorded on AWS by LocalStack's test_create_event_source_validation. */
function startOf(input: Input, sourceArn: string): StreamOptions['startingPosition'] {
  const start = 'StartingPosition' in input ? input.StartingPosition : undefined;
  if (start === 'LATEST' || start === 'TRIM_HORIZON') return start;
  throw invalidParameter(
    start === undefined
      ? "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null."
      : `Unsupported starting position for arn type: ${sourceArn}`,
  );
}
