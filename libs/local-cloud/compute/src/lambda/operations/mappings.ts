import type {
  CreateEventSourceMappingCommandInput,
  UpdateEventSourceMappingCommandInput,
} from '@aws-sdk/client-lambda';
import { AwsError, formatArn, parseArn, unsupported, type RequestContext } from '@outbox/local-cloud-kernel';
import { checkNumber, markedPage } from '../constraints';
import { refuseUnknownOptions } from '../../refuse';
import { conflict, invalidParameter } from '../errors';
import { readFilters } from '../mapping/filter';
import { describeMapping, type MappingRecord, type Mappings } from '../mapping/mappings';
import { QueueAccess } from '../mapping/queue-access';
import type { MappingRunners } from '../mapping/runners';
import { functionArn, parseFunctionName, type FunctionName } from '../names';
import { onAll, type LambdaOperations } from '../operation';
import type { LambdaParts } from '../parts';

const OPTIONS = [
  'UUID',
  'EventSourceArn',
  'FunctionName',
  'Enabled',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'FilterCriteria',
  'FunctionResponseTypes',
  'ScalingConfig',
  'Tags',
];

/** Event source mappings of SQS queues; other sources are refused. */
export function mappingOperations(parts: LambdaParts, mappings: Mappings, runners: MappingRunners): LambdaOperations {
  const { engine, functions, roles } = parts;

  const onMapping = (action: string) => (input: { UUID?: string | undefined }, context: RequestContext) => [
    {
      action: `lambda:${action}`,
      resource: formatArn('lambda', context.region, context.accountId, `event-source-mapping:${input.UUID ?? ''}`),
      conditions: { 'lambda:FunctionArn': functionOf(mappings.find(input.UUID ?? '')) },
    },
  ];

  /** As AWS does before it polls: may the role receive, does the time-out fit? */
  async function check(record: MappingRecord): Promise<void> {
    const { version } = functions.resolve(nameOf(record));
    const caller = roles.caller(version.role, 'lambda.amazonaws.com', record.functionName);
    await new QueueAccess(engine, record.queueArn).check(caller, version.timeoutSeconds);
  }

  /** @throws AwsError `InvalidParameterValueException` in AWS's words when there is no such function, version or alias. */
  function checkFunction(at: FunctionName): void {
    try {
      functions.resolve(at);
    } catch (error) {
      throw error instanceof AwsError ? invalidParameter('Function does not exist') : error;
    }
  }

  function apply(record: MappingRecord) {
    runners.apply(mappings.save(record));
    return describeMapping(record, record.modifiedAt);
  }

  return {
    CreateEventSourceMapping: {
      requires: onAll('CreateEventSourceMapping'),
      handle: async (input, context) => {
        refuseUnknownOptions('lambda', 'CreateEventSourceMapping', input, OPTIONS);
        const at = parseFunctionName(input.FunctionName, context);
        const queueArn = queueOf(input.EventSourceArn);
        checkFunction(at);
        const twin = mappings
          .all()
          .find((one) => one.queueArn === queueArn && functionArn(nameOf(one)) === functionArn(at));
        if (twin) {
          throw conflict(
            `An event source mapping with SQS arn (" ${queueArn} ") and function (" ${at.name} ") already exists. Please update or delete the existing mapping with UUID ${twin.uuid}`,
          );
        }
        const record: MappingRecord = {
          uuid: engine.ids.uuid(),
          accountId: at.accountId,
          region: at.region,
          queueArn,
          functionName: at.name,
          qualifier: at.qualifier,
          ...settings(input, queueArn),
          state: input.Enabled === false ? 'Disabled' : 'Enabled',
          transition: 'Creating',
          modifiedAt: engine.clock.now(),
          lastResult: undefined,
          tags: input.Tags ?? {},
        };
        await check(record);
        return apply(record);
      },
    },
    GetEventSourceMapping: {
      requires: onMapping('GetEventSourceMapping'),
      handle: (input, context) => describeMapping(mappings.get(input.UUID, context), engine.clock.now()),
    },
    UpdateEventSourceMapping: {
      requires: onMapping('UpdateEventSourceMapping'),
      handle: async (input, context) => {
        refuseUnknownOptions('lambda', 'UpdateEventSourceMapping', input, OPTIONS);
        const current = idle(mappings.get(input.UUID, context), engine.clock.now());
        const at = input.FunctionName === undefined ? nameOf(current) : parseFunctionName(input.FunctionName, context);
        checkFunction(at);
        const state = input.Enabled === undefined ? current.state : input.Enabled ? 'Enabled' : 'Disabled';
        const record: MappingRecord = {
          ...current,
          functionName: at.name,
          qualifier: at.qualifier,
          ...settings(input, current.queueArn, current),
          state,
          transition: state === current.state ? 'Updating' : state === 'Enabled' ? 'Enabling' : 'Disabling',
          modifiedAt: engine.clock.now(),
        };
        await check(record);
        return apply(record);
      },
    },
    DeleteEventSourceMapping: {
      requires: onMapping('DeleteEventSourceMapping'),
      handle: (input, context) => {
        const current = idle(mappings.get(input.UUID, context), engine.clock.now());
        return apply({ ...current, state: 'Deleting', transition: 'Deleting', modifiedAt: engine.clock.now() });
      },
    },
    ListEventSourceMappings: {
      requires: onAll('ListEventSourceMappings'),
      handle: (input, context) => {
        const wanted =
          input.FunctionName === undefined ? undefined : functionArn(parseFunctionName(input.FunctionName, context));
        const found = mappings
          .all()
          .filter((one) => one.accountId === context.accountId && one.region === context.region)
          .filter((one) => wanted === undefined || functionArn(nameOf(one)) === wanted)
          .filter((one) => input.EventSourceArn === undefined || one.queueArn === input.EventSourceArn);
        const { items, next } = markedPage(found, input, 100);
        return { EventSourceMappings: items.map((one) => describeMapping(one, engine.clock.now())), NextMarker: next };
      },
    },
  };
}

function nameOf(record: MappingRecord): FunctionName {
  return { accountId: record.accountId, region: record.region, name: record.functionName, qualifier: record.qualifier };
}

function functionOf(record: MappingRecord | undefined): string {
  return record ? functionArn(nameOf(record), record.qualifier) : '';
}

function queueOf(arn: string | undefined): string {
  if (arn === undefined) throw invalidParameter('Unrecognized event source.');
  if (parseArn(arn).service !== 'sqs') {
    throw unsupported('lambda', 'CreateEventSourceMapping', `${arn}, it polls queues alone`);
  }
  return arn;
}

/** @throws AwsError `ResourceInUseException` while the mapping changes or goes. */
function idle(record: MappingRecord, now: number): MappingRecord {
  const state = describeMapping(record, now).State;
  if (state === 'Enabled' || state === 'Disabled') return record;
  throw new AwsError('ResourceInUseException', `Cannot update the event source mapping because it is in use.`, {
    members: { Type: 'User' },
  });
}

/** Source: Lambda API reference, CreateEventSourceMapping. */
function settings(
  input: CreateEventSourceMappingCommandInput | UpdateEventSourceMappingCommandInput,
  queueArn: string,
  current?: MappingRecord,
): Pick<MappingRecord, 'batchSize' | 'windowSeconds' | 'maximumConcurrency' | 'filters' | 'reportsFailures'> {
  const batchSize = input.BatchSize ?? current?.batchSize ?? 10;
  const windowSeconds = input.MaximumBatchingWindowInSeconds ?? current?.windowSeconds ?? 0;
  const maximumConcurrency = input.ScalingConfig ? input.ScalingConfig.MaximumConcurrency : current?.maximumConcurrency;
  const types = input.FunctionResponseTypes;
  // Lambda developer guide, services-sqs-parameters; it publishes no text for the window.
  const isFifo = queueArn.endsWith('.fifo');
  checkNumber(batchSize, 'batchSize', 1, isFifo ? 10 : 10_000);
  checkNumber(windowSeconds, 'maximumBatchingWindowInSeconds', 0, 300);
  if (isFifo && windowSeconds > 0) throw invalidParameter('Batching windows are not supported for FIFO queues.');
  if (batchSize > 10 && windowSeconds < 1) {
    throw invalidParameter(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  }
  checkNumber(maximumConcurrency, 'scalingConfig.maximumConcurrency', 2, 1000);
  return {
    batchSize,
    windowSeconds,
    maximumConcurrency,
    filters: input.FilterCriteria ? readFilters(input.FilterCriteria) : current?.filters,
    reportsFailures: types ? types.includes('ReportBatchItemFailures') : (current?.reportsFailures ?? false),
  };
}
