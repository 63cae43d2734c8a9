import { Runtime, type UpdateFunctionConfigurationCommandInput } from '@aws-sdk/client-lambda';
import { checkNumber, checkText } from './constraints';
import { invalidParameter } from './errors';
import type { LoggingRecord, VersionRecord } from './model';
import { MAX_ENVIRONMENT_BYTES } from './limits';

type ConfigurationInput = Omit<UpdateFunctionConfigurationCommandInput, 'FunctionName'>;

/** What a request may set of a version; code, version and revision are set elsewhere. */
export type Settings = Omit<
  VersionRecord,
  'version' | 'code' | 'layers' | 'revisionId' | 'createdAt' | 'modifiedAt' | 'architecture' | 'key'
>;

/** Environment variables Lambda keeps for itself. Source: Lambda developer guide, configuration-envvars, "Reserved". */
const RESERVED_VARIABLES = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

/**
 * The settings after a request: what it sets, else what `current` has, else AWS's defaults.
 * @throws AwsError `InvalidParameterValueException` for a value out of AWS's range or a reserved variable.
 */
export function mergeSettings(name: string, input: ConfigurationInput, current?: Settings): Settings {
  const settings: Settings = {
    description: input.Description ?? current?.description ?? '',
    runtime: input.Runtime ?? required(current?.runtime, 'Runtime'),
    handler: input.Handler ?? required(current?.handler, 'Handler'),
    role: input.Role ?? required(current?.role, 'Role'),
    timeoutSeconds: input.Timeout ?? current?.timeoutSeconds ?? 3,
    memoryMb: input.MemorySize ?? current?.memoryMb ?? 128,
    ephemeralStorageMb: input.EphemeralStorage?.Size ?? current?.ephemeralStorageMb ?? 512,
    environment: input.Environment ? input.Environment.Variables : current?.environment,
    tracingMode: input.TracingConfig?.Mode ?? current?.tracingMode ?? 'PassThrough',
    logging: input.LoggingConfig ? logging(name, input.LoggingConfig) : (current?.logging ?? logging(name, {})),
    deadLetterArn: input.DeadLetterConfig ? input.DeadLetterConfig.TargetArn || undefined : current?.deadLetterArn,
  };
  validate(settings);
  return settings;
}

function required<T>(value: T | undefined, member: string): T {
  if (value === undefined)
    throw invalidParameter(`${member} is mandatory for functions created with deployment packages.`);
  return value;
}

function logging(name: string, config: NonNullable<ConfigurationInput['LoggingConfig']>): LoggingRecord {
  const format = config.LogFormat ?? 'Text';
  if (format === 'Text' && (config.ApplicationLogLevel ?? config.SystemLogLevel) !== undefined) {
    throw invalidParameter('Log level filtering requires LogFormat to be JSON.');
  }
  return {
    format,
    group: config.LogGroup ?? `/aws/lambda/${name}`,
    applicationLevel: format === 'JSON' ? (config.ApplicationLogLevel ?? 'INFO') : undefined,
    systemLevel: format === 'JSON' ? (config.SystemLogLevel ?? 'INFO') : undefined,
  };
}

function validate(settings: Settings): void {
  const runtimes: readonly string[] = Object.values(Runtime);
  if (!runtimes.includes(settings.runtime)) {
    throw invalidParameter(
      `Value ${settings.runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${runtimes.join(', ')}] or be a valid ARN`,
    );
  }
  checkNumber(settings.memoryMb, 'memorySize', 128, 10_240);
  checkNumber(settings.timeoutSeconds, 'timeout', 1, 900);
  checkNumber(settings.ephemeralStorageMb, 'ephemeralStorage.size', 512, 10_240);
  checkText(settings.handler, 'handler', { most: 128, pattern: '[^\\s]+' });
  checkText(settings.description, 'description', { least: 0, most: 256 });
  const { deadLetterArn } = settings;
  if (deadLetterArn && !/^arn:aws[a-z-]*:(sqs|sns):/.test(deadLetterArn)) {
    throw invalidParameter(
      `The dead-letter target ${deadLetterArn} is invalid: it must be the ARN of a queue or a topic.`,
    );
  }
  const variables = Object.entries(settings.environment ?? {});
  const reserved = variables.map(([key]) => key).filter((key) => RESERVED_VARIABLES.has(key));
  if (reserved.length > 0) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  for (const [key] of variables) {
    if (!/^[a-zA-Z]([a-zA-Z0-9_])+$/.test(key)) {
      throw invalidParameter(`Environment variable name '${key}' must match [a-zA-Z]([a-zA-Z0-9_])+`);
    }
  }
  if (Buffer.byteLength(JSON.stringify(settings.environment ?? {})) > MAX_ENVIRONMENT_BYTES) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.`,
    );
  }
}
