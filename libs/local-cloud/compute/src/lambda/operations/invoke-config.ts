import { own, AwsError, unsupported } from '@outbox/local-cloud-kernel';
import { actionFor } from '../async/result-target';
import { describeInvokeConfig } from '../describe';
import { invalidParameter, notFound } from '../errors';
import { NO_INVOKE_CONFIG } from '../invoke-config';
import type { FunctionRecord, InvokeConfigRecord } from '../model';
import { functionArn, parseFunctionName } from '../names';
import { onFunction, type LambdaOperations } from '../operation';
import { checkNumber, markedPage } from '../constraints';
import type { LambdaParts } from '../parts';
import { INVOKE_CONFIG_PAGE } from '../limits';

/** How asynchronous invocations are retried and where they end. */
export function invokeConfigOperations({ engine, functions, roles }: LambdaParts): LambdaOperations {
  type Input = Parameters<NonNullable<LambdaOperations['PutFunctionEventInvokeConfig']>['handle']>[0];

  type Named = { readonly FunctionName?: string | undefined; readonly Qualifier?: string | undefined };
  type Home = { readonly accountId: string; readonly region: string };

  /** @throws AwsError `ResourceNotFoundException` in the words these operations have for it */
  function existing(input: Named, context: Home) {
    const at = parseFunctionName(input.FunctionName, context, input.Qualifier);
    try {
      const { record } = functions.resolve(at);
      return { record, qualifier: at.qualifier === '$LATEST' ? '' : (at.qualifier ?? '') };
    } catch (error) {
      throw error instanceof AwsError ? notFound("The function doesn't exist.") : error;
    }
  }

  /** @throws AwsError `ResourceNotFoundException`, which is the same without configuration and without function */
  function configured(input: Named, context: Home) {
    const at = parseFunctionName(input.FunctionName, context, input.Qualifier);
    const record = functions.find(at);
    const qualifier = at.qualifier === '$LATEST' ? '' : (at.qualifier ?? '');
    const config = record && own(record.invokeConfigs, qualifier);
    if (!config) {
      const arn = functionArn(at, qualifier || '$LATEST');
      throw notFound(`The function ${arn} doesn't have an EventInvokeConfig`);
    }
    return { record, qualifier, config };
  }

  function save(record: FunctionRecord, qualifier: string, config: InvokeConfigRecord) {
    const saved = functions.save({ ...record, invokeConfigs: { ...record.invokeConfigs, [qualifier]: config } });
    return describeInvokeConfig(saved, qualifier, config);
  }

  /**
   * A destination has to be of a kind that Lambda delivers to, a function has to exist and to be another one, and the role
   * has to be allowed to deliver there.
   * @throws AwsError `InvalidParameterValueException`
   */
  function checkDestination(record: FunctionRecord, destination: string, isSuccess: boolean): void {
    const action = actionFor(destination);
    if (action === undefined) throw noDestination(destination, isSuccess);
    if (action === 'lambda:InvokeFunction') {
      const at = parseFunctionName(destination, record);
      if (functionArn(at) === functionArn(record)) {
        throw invalidParameter("You can't specify the function as a destination for itself.");
      }
      if (!functions.find(at)) throw invalidParameter(`The destination ARN ${destination} is invalid.`);
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
    if (config.onSuccess) checkDestination(record, config.onSuccess, true);
    if (config.onFailure) checkDestination(record, config.onFailure, false);
    return config;
  }

  /** As on AWS, this is checked before the function is looked up. */
  function checkSettings({ MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig }: Input): void {
    if ((MaximumRetryAttempts ?? MaximumEventAgeInSeconds ?? DestinationConfig) === undefined) {
      throw invalidParameter('You must specify at least one of error handling or destination setting.');
    }
  }

  return {
    PutFunctionEventInvokeConfig: {
      requires: onFunction('PutFunctionEventInvokeConfig'),
      handle: (input, context) => {
        checkSettings(input);
        const { record, qualifier } = existing(input, context);
        return save(record, qualifier, merged(record, input, NO_INVOKE_CONFIG));
      },
    },
    UpdateFunctionEventInvokeConfig: {
      requires: onFunction('UpdateFunctionEventInvokeConfig'),
      handle: (input, context) => {
        checkSettings(input);
        existing({ FunctionName: input.FunctionName }, context);
        const { record, qualifier, config } = configured(input, context);
        return save(record, qualifier, merged(record, input, config));
      },
    },
    GetFunctionEventInvokeConfig: {
      requires: onFunction('GetFunctionEventInvokeConfig'),
      handle: (input, context) => {
        const { record, qualifier, config } = configured(input, context);
        return describeInvokeConfig(record, qualifier, config);
      },
    },
    ListFunctionEventInvokeConfigs: {
      requires: onFunction('ListFunctionEventInvokeConfigs'),
      handle: (input, context) => {
        const { record } = existing({ FunctionName: input.FunctionName }, context);
        const configs = Object.entries(record.invokeConfigs).sort(([a], [b]) => (a < b ? -1 : 1));
        const { items, next } = markedPage(configs, input, INVOKE_CONFIG_PAGE, INVOKE_CONFIG_PAGE);
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
        const { record, qualifier } = configured(input, context);
        const { [qualifier]: _gone, ...invokeConfigs } = record.invokeConfigs;
        functions.save({ ...record, invokeConfigs });
        return {};
      },
    },
  };
}

/** The refusal of a service that Lambda doesn't deliver to, or of S3, which the local cloud doesn't have. */
function noDestination(destination: string, isSuccess: boolean): AwsError {
  if (destination.split(':')[2] === 's3') {
    return unsupported('lambda', 'PutFunctionEventInvokeConfig', `the destination ${destination}`);
  }
  const [onSuccess, onFailure] = isSuccess
    ? [`OnSuccess(destination=${destination})`, 'null']
    : ['null', `OnFailure(destination=${destination})`];
  return invalidParameter(
    `The provided destination config DestinationConfig(onSuccess=${onSuccess}, onFailure=${onFailure}) is invalid.`,
  );
}
