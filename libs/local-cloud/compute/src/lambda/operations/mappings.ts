import { AwsError, formatArn, type RequestContext } from '@outbox/local-cloud-kernel';
import { markedPage } from '../constraints';
import { refuseUnknownOptions } from '../../refuse';
import { conflict, invalidParameter } from '../errors';
import { describeMapping, type MappingRecord, type Mappings } from '../mapping/mappings';
import { QueueAccess } from '../mapping/queue-access';
import type { MappingRunners } from '../mapping/runners';
import { ALL_OPTIONS, OPTIONS, settings, sourceOf } from '../mapping/settings';
import { checkStream } from '../mapping/stream-access';
import { functionArn, parseFunctionName, type FunctionName } from '../names';
import { onAll, type LambdaOperations } from '../operation';
import type { LambdaParts } from '../parts';

/** Event source mappings of queues and of tables' streams; other sources are refused. */
export function mappingOperations(parts: LambdaParts, mappings: Mappings, runners: MappingRunners): LambdaOperations {
  const { engine, functions, roles } = parts;

  const onMapping = (action: string) => (input: { UUID?: string | undefined }, context: RequestContext) => [
    {
      action: `lambda:${action}`,
      resource: formatArn('lambda', context.region, context.accountId, `event-source-mapping:${input.UUID ?? ''}`),
      conditions: { 'lambda:FunctionArn': functionOf(mappings.find(input.UUID ?? '')) },
    },
  ];

  /** As AWS does before it polls: may the role read, does a queue's time-out fit? */
  async function check(record: MappingRecord): Promise<void> {
    const { version } = functions.resolve(nameOf(record));
    const caller = roles.caller(version.role, 'lambda.amazonaws.com', record.functionName);
    if (record.stream) await checkStream(engine, record.sourceArn, record.stream.onFailure, caller);
    else await new QueueAccess(engine, record.sourceArn).check(caller, version.timeoutSeconds);
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
        refuseUnknownOptions('lambda', 'CreateEventSourceMapping', input, ALL_OPTIONS);
        const at = parseFunctionName(input.FunctionName, context);
        const { arn: sourceArn, kind } = sourceOf(input.EventSourceArn);
        refuseUnknownOptions('lambda', 'CreateEventSourceMapping', input, OPTIONS[kind]);
        checkFunction(at);
        const twin = mappings
          .all()
          .find((one) => one.sourceArn === sourceArn && functionArn(nameOf(one)) === functionArn(at));
        if (twin) {
          throw conflict(
            kind === 'sqs'
              ? `An event source mapping with SQS arn (" ${sourceArn} ") and function (" ${at.name} ") already exists. Please update or delete the existing mapping with UUID ${twin.uuid}`
              : `The event source arn (" ${sourceArn} ") and function (" ${at.name} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${twin.uuid}`,
          );
        }
        const record: MappingRecord = {
          uuid: engine.ids.uuid(),
          accountId: at.accountId,
          region: at.region,
          sourceArn,
          functionName: at.name,
          qualifier: at.qualifier,
          ...settings(input, sourceArn),
          state: input.Enabled === false ? 'Disabled' : 'Enabled',
          transition: 'Creating',
          createdAt: engine.clock.now(),
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
        refuseUnknownOptions('lambda', 'UpdateEventSourceMapping', input, ALL_OPTIONS);
        const current = idle(mappings.get(input.UUID, context), engine.clock.now());
        const { kind } = sourceOf(current.sourceArn);
        refuseUnknownOptions('lambda', 'UpdateEventSourceMapping', input, OPTIONS[kind]);
        const at = input.FunctionName === undefined ? nameOf(current) : parseFunctionName(input.FunctionName, context);
        checkFunction(at);
        const state = input.Enabled === undefined ? current.state : input.Enabled ? 'Enabled' : 'Disabled';
        const record: MappingRecord = {
          ...current,
          functionName: at.name,
          qualifier: at.qualifier,
          ...settings(input, current.sourceArn, current),
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
          .filter((one) => input.EventSourceArn === undefined || one.sourceArn === input.EventSourceArn);
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

/** @throws AwsError `ResourceInUseException` while the mapping changes or goes. */
function idle(record: MappingRecord, now: number): MappingRecord {
  const state = describeMapping(record, now).State;
  if (state === 'Enabled' || state === 'Disabled') return record;
  throw new AwsError('ResourceInUseException', `Cannot update the event source mapping because it is in use.`, {
    members: { Type: 'User' },
  });
}
