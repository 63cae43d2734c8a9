import { own, AwsError } from '@outbox/local-cloud-kernel';
import { actionFor } from '../async/result-target';
import { describeInvokeConfig } from '../describe';
import { invalidParameter, notFound } from '../errors';
import { NO_INVOKE_CONFIG } from '../invoke-config';
import type { FunctionRecord, InvokeConfigRecord } from '../model';
import { functionArn, parseFunctionName } from '../names';
import { onFunction, type LambdaOperations } from '../operation';
import { checkNumber, markedPage } from '../constraints';
import type { LambdaParts } from '../parts';

/** Configurations of one page (Lambda API reference, ListFunctionEventInvokeConfigs). */
const MAX_PAGE = 50;

/** How asynchronous invocations are retried and where they end. */
export function invokeConfigOperations({ engine, functions, roles }: LambdaParts): LambdaOperations {
  type Input = Parameters<NonNullable<LambdaOperations['PutFunctionEventInvokeConfig']>['handle']>[0];

  function find(
    input: { FunctionName?: string | undefined; Qualifier?: string | undefined },
    context: { accountId: string; region: string },
  ) {
    const at = parseFunctionName(input.FunctionName, context, input.Qualifier);
    const { record } = functions.resolve(at);
    const qualifier = at.qualifier === '$LATEST' ? '' : (at.qualifier ?? '');
    return { record, qualifier, config: own(record.invokeConfigs, qualifier) };
  }

  function save(record: FunctionRecord, qualifier: string, config: InvokeConfigRecord) {
    const saved = functions.save({ ...record, invokeConfigs: { ...record.invokeConfigs, [qualifier]: config } });
    return describeInvokeConfig(saved, qualifier, config);
  }

  /** A destination of a kind that exists, and a role that may deliver there: AWS refuses the configuration otherwise. */
  function checkDestination(record: FunctionRecord, destination: string): void {
    const action = actionFor(destination);
    if (action === undefined) {
      throw invalidParameter(
        `The destination ARN ${destination} is invalid. The local cloud delivers to queues, topics, functions and event buses.`,
      );
    }
    const caller = roles.caller(record.latest.role, 'lambda.amazonaws.com', record.name);
    try {
      engine.identity.authorize(caller, [{ action, resource: destination }], 'lambda', action);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const called = action === 'lambda:InvokeFunction' ? 'Invoke' : action.split(':')[1];
      throw invalidParameter(
        `The function's execution role does not have permissions to call ${called} on ${destination}`,
      );
    }
  }

  function merged(
    record: FunctionRecord,
    input: Input,
    base: Omit<InvokeConfigRecord, 'modifiedAt'>,
  ): InvokeConfigRecord {
    const config = {
      maximumRetryAttempts: input.MaximumRetryAttempts ?? base.maximumRetryAttempts,
      maximumEventAgeSeconds: input.MaximumEventAgeInSeconds ?? base.maximumEventAgeSeconds,
      onSuccess: input.DestinationConfig ? input.DestinationConfig.OnSuccess?.Destination : base.onSuccess,
      onFailure: input.DestinationConfig ? input.DestinationConfig.OnFailure?.Destination : base.onFailure,
      modifiedAt: engine.clock.now(),
    };
    checkNumber(config.maximumRetryAttempts, 'maximumRetryAttempts', 0, 2);
    checkNumber(config.maximumEventAgeSeconds, 'maximumEventAgeInSeconds', 60, 21_600);
    for (const destination of [config.onSuccess, config.onFailure]) {
      if (destination) checkDestination(record, destination);
    }
    return config;
  }

  return {
    PutFunctionEventInvokeConfig: {
      requires: onFunction('PutFunctionEventInvokeConfig'),
      handle: (input, context) => {
        const { record, qualifier } = find(input, context);
        return save(record, qualifier, merged(record, input, NO_INVOKE_CONFIG));
      },
    },
    UpdateFunctionEventInvokeConfig: {
      requires: onFunction('UpdateFunctionEventInvokeConfig'),
      handle: (input, context) => {
        const { record, qualifier, config } = find(input, context);
        if (!config) throw noInvokeConfig(record, qualifier);
        return save(record, qualifier, merged(record, input, config));
      },
    },
    GetFunctionEventInvokeConfig: {
      requires: onFunction('GetFunctionEventInvokeConfig'),
      handle: (input, context) => {
        const { record, qualifier, config } = find(input, context);
        if (!config) throw noInvokeConfig(record, qualifier);
        return describeInvokeConfig(record, qualifier, config);
      },
    },
    ListFunctionEventInvokeConfigs: {
      requires: onFunction('ListFunctionEventInvokeConfigs'),
      handle: (input, context) => {
        const record = functions.get(parseFunctionName(input.FunctionName, context));
        const configs = Object.entries(record.invokeConfigs).sort(([a], [b]) => (a < b ? -1 : 1));
        const { items, next } = markedPage(configs, input, MAX_PAGE, MAX_PAGE);
        return {
          FunctionEventInvokeConfigs: items.map(([qualifier, config]) =>
            describeInvokeConfig(record, qualifier, config),
          ),
          NextMarker: next,
        };
      },
    },
    DeleteFunctionEventInvokeConfig: {
      requires: onFunction('DeleteFunctionEventInvokeConfig'),
      handle: (input, context) => {
        const { record, qualifier, config } = find(input, context);
        if (!config) throw noInvokeConfig(record, qualifier);
        const { [qualifier]: _gone, ...invokeConfigs } = record.invokeConfigs;
        functions.save({ ...record, invokeConfigs });
        return {};
      },
    },
  };
}

function noInvokeConfig(record: FunctionRecord, qualifier: string): AwsError {
  return notFound(`The function ${functionArn(record, qualifier || '$LATEST')} doesn't have an EventInvokeConfig`);
}
