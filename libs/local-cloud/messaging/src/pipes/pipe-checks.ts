import type {
  CreatePipeRequest,
  PipeLogConfigurationParameters,
  PipeSourceDynamoDBStreamParameters,
  PipeSourceSqsQueueParameters,
  PipeTargetParameters,
} from '@aws-sdk/client-pipes';
import { unsupported } from '@outbox/local-cloud-kernel';
import { compilePattern, InvalidEventPattern } from '@outbox/local-cloud-pattern';
import { parsePath } from '../shared/json-path';
import { invalid } from './errors';
import { checkArns } from './pipe-arns';
import type { QueueSource, StreamSource } from './pipe-store';
import { pipeTarget, type PipeTarget } from './targets/pipe-target';
import { checkTemplate, isDynamic, TemplateError } from './template';
import { MAX_FILTERS, MAX_PATTERN, MAX_RECEIVED, MAX_TEMPLATE } from './limits';

/** Records of a batch from a stream, unless told (EventBridge guide, "DynamoDB stream as a source"). */
const DEFAULT_BATCH = 100;

const STREAM = /^arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[\w.-]+\/stream\/.+$/;

/** Whether a source is a queue, and no stream. */
export function isQueue(source: string | undefined): boolean {
  return /^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/.test(source ?? '');
}

/** @throws AwsError when source, enrichment, target or role are no ARNs, or of kinds the engine does not run */
export function checkParties(
  input: Pick<CreatePipeRequest, 'Source' | 'Enrichment' | 'Target' | 'RoleArn'>,
  operation: string,
): void {
  checkArns(input);
  if (!STREAM.test(input.Source ?? '') && !isQueue(input.Source)) {
    throw unsupported('pipes', operation, 'sources other than DynamoDB streams and queues');
  }
  if (input.Enrichment && !/^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:.+$/.test(input.Enrichment)) {
    throw unsupported('pipes', operation, 'enrichments other than Lambda functions');
  }
  if (/^arn:[^:]+:events:/.test(input.Target ?? '') && !/:(event-bus|api-destination)\/.+$/.test(input.Target ?? '')) {
    throw invalid('Target', `Target ARN ${input.Target ?? ''} is not valid.`);
  }
  targetOf(input.Target, operation);
}

/** @throws AwsError UnsupportedOperation for what pipes don't send to here */
function targetOf(arn: string | undefined, operation: string): PipeTarget {
  const target = pipeTarget(arn ?? '');
  if (!target)
    throw unsupported('pipes', operation, 'targets other than event buses, functions, log groups, queues and topics');
  return target;
}

/** The source's parameters with AWS's defaults. @throws AwsError ValidationException for values out of range */
export function streamSource(
  parameters: PipeSourceDynamoDBStreamParameters | undefined,
  target: string | undefined,
  operation: string,
): StreamSource {
  const { maxBatch } = targetOf(target, operation);
  const position = parameters?.StartingPosition;
  if (position !== 'TRIM_HORIZON' && position !== 'LATEST') {
    throw invalid('StartingPosition', 'StartingPosition is required for a DynamoDB stream source.');
  }
  const number = (
    name: keyof PipeSourceDynamoDBStreamParameters,
    initial: number,
    min: number,
    max: number,
  ): number => {
    const value = parameters?.[name] ?? initial;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      throw invalid(name, `${name} must be between ${min} and ${max}.`);
    }
    return value;
  };
  const deadLetterArn = parameters?.DeadLetterConfig?.Arn;
  if (deadLetterArn && !/^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]+$/.test(deadLetterArn)) {
    throw unsupported('pipes', operation, 'dead-letter targets other than standard SQS queues');
  }
  const age = number('MaximumRecordAgeInSeconds', -1, -1, 604_800);
  if (age > -1 && age < 60)
    throw invalid('MaximumRecordAgeInSeconds', 'MaximumRecordAgeInSeconds must be -1 or at least 60.');
  return {
    startingPosition: position,
    batchSize: number('BatchSize', Math.min(DEFAULT_BATCH, maxBatch), 1, maxBatch),
    windowSeconds: number('MaximumBatchingWindowInSeconds', 0, 0, 300),
    maximumRecordAgeSeconds: age,
    maximumRetryAttempts: number('MaximumRetryAttempts', -1, -1, 10_000),
    parallelizationFactor: number('ParallelizationFactor', 1, 1, 10),
    bisect: parameters?.OnPartialBatchItemFailure === 'AUTOMATIC_BISECT',
    ...(deadLetterArn ? { deadLetterArn } : {}),
  };
}

/**
 * The parameters of a queue with AWS's defaults. Source: EventBridge guide, "Amazon Simple Queue Service as a source"; Lambda
 * developer guide, "Configuring scaling for SQS", for batches of more than a receive has.
 * @throws AwsError ValidationException for values out of range
 */
export function queueSource(
  parameters: PipeSourceSqsQueueParameters | undefined,
  source: string | undefined,
  target: string | undefined,
  operation: string,
): QueueSource {
  const maxBatch = Math.min(targetOf(target, operation).maxBatch, source?.endsWith('.fifo') ? MAX_RECEIVED : Infinity);
  const { BatchSize = MAX_RECEIVED, MaximumBatchingWindowInSeconds: windowSeconds = 0 } = parameters ?? {};
  if (!Number.isInteger(BatchSize) || BatchSize < 1 || BatchSize > maxBatch) {
    throw invalid('BatchSize', `BatchSize must be between 1 and ${maxBatch}.`);
  }
  if (!Number.isInteger(windowSeconds) || windowSeconds < 0 || windowSeconds > 300) {
    throw invalid('MaximumBatchingWindowInSeconds', 'MaximumBatchingWindowInSeconds must be between 0 and 300.');
  }
  if (windowSeconds > 0 && source?.endsWith('.fifo')) {
    throw invalid('MaximumBatchingWindowInSeconds', 'A batching window is not supported for a FIFO queue.');
  }
  if (BatchSize > MAX_RECEIVED && windowSeconds === 0) {
    throw invalid(
      'MaximumBatchingWindowInSeconds',
      `MaximumBatchingWindowInSeconds must be at least 1 when BatchSize is greater than ${MAX_RECEIVED}.`,
    );
  }
  return { batchSize: BatchSize, windowSeconds };
}

/** @throws AwsError ValidationException for batches that are more than a target takes, which was another one before */
export function checkBatch({ batchSize }: QueueSource | StreamSource, target: string, operation: string): void {
  const { maxBatch } = targetOf(target, operation);
  if (batchSize > maxBatch) throw invalid('BatchSize', `BatchSize must be between 1 and ${maxBatch}.`);
}

/** @throws AwsError ValidationException for too many or malformed patterns */
export function checkFilters(patterns: readonly string[]): void {
  if (patterns.length > MAX_FILTERS) throw invalid('FilterCriteria', `At most ${MAX_FILTERS} filters are allowed.`);
  for (const pattern of patterns) {
    if (pattern.length > MAX_PATTERN) throw invalid('Pattern', `A pattern has at most ${MAX_PATTERN} characters.`);
    try {
      compilePattern(pattern);
    } catch (error) {
      if (error instanceof InvalidEventPattern) throw invalid('Pattern', error.message);
      throw error;
    }
  }
}

/** @throws AwsError ValidationException for templates and paths that can't be read */
export function checkTemplates(
  enrichment: string | undefined,
  targetArn: string | undefined,
  target: PipeTargetParameters | undefined,
  operation: string,
): void {
  for (const template of [enrichment, target?.InputTemplate]) {
    if (!template) continue;
    if (template.length > MAX_TEMPLATE)
      throw invalid('InputTemplate', `An input template has at most ${MAX_TEMPLATE} characters.`);
    try {
      checkTemplate(template);
    } catch (error) {
      if (error instanceof TemplateError) throw invalid('InputTemplate', error.message);
      throw error;
    }
  }
  const bus = target?.EventBridgeEventBusParameters;
  refuseOthers(target, ['InputTemplate', targetOf(targetArn, operation).parameters], operation);
  checkQueue(targetArn, target);
  if (bus?.EndpointId !== undefined) throw unsupported('pipes', operation, 'global endpoints');
  if (bus?.Source?.startsWith('aws.')) throw invalid('Source', 'Source must not start with "aws.".');
  if (bus?.Time !== undefined && !isDynamic(bus.Time)) throw invalid('Time', 'Time must be a JSON path.');
  for (const text of [bus?.Source, bus?.DetailType, bus?.Time, ...(bus?.Resources ?? [])]) {
    if (text !== undefined && isDynamic(text) && !parsePath(text))
      throw invalid('TargetParameters', `Invalid JSON path ${text}.`);
  }
}

/** Source: Pipes API reference, PipeTargetSqsQueueParameters; it publishes no text. */
function checkQueue(arn: string | undefined, target: PipeTargetParameters | undefined): void {
  if (!arn?.endsWith('.fifo') || target?.SqsQueueParameters?.MessageGroupId !== undefined) return;
  throw invalid('SqsQueueParameters', 'MessageGroupId is required for a FIFO queue.');
}

/** @throws AwsError for log destinations other than a log group */
export function checkLog(log: PipeLogConfigurationParameters | undefined, operation: string): void {
  if (log?.FirehoseLogDestination || log?.S3LogDestination) {
    throw unsupported('pipes', operation, 'log destinations other than log groups');
  }
}

/** @throws AwsError unsupported when parameters of another kind of source or target are set */
export function refuseOthers(parameters: object | undefined, known: readonly string[], operation: string): void {
  for (const [name, value] of Object.entries(parameters ?? {})) {
    if (value !== undefined && !known.includes(name)) throw unsupported('pipes', operation, name);
  }
}
