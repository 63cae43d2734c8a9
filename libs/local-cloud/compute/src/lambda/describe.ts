import type { AliasConfiguration, FunctionConfiguration, FunctionEventInvokeConfig } from '@aws-sdk/client-lambda';
import type { AliasRecord, FunctionRecord, InvokeConfigRecord, VersionRecord } from './model';
import { functionArn } from './names';

/**
 * How long a new function is `Pending` and an update `InProgress`, in engine milliseconds: over when clients that look
 * again after 200 ms do so.
 */
export const SETTLING_MS = 150;

/** Whether the function still comes into being; it can't be invoked until then. */
export function isPending(version: VersionRecord, now: number): boolean {
  return (
    version.version === '$LATEST' && now - version.createdAt < SETTLING_MS && version.createdAt === version.modifiedAt
  );
}

export function isUpdating(version: VersionRecord, now: number): boolean {
  return version.modifiedAt > version.createdAt && now - version.modifiedAt < SETTLING_MS;
}

/**
 * A version as AWS describes it. Everything AWS always echoes is there (LoggingConfig, SnapStart, EphemeralStorage …),
 * because Terraform reads what is missing as drift.
 * @param qualifier version or alias as it was asked for, which FunctionArn carries; a published version's is its number
 *   otherwise. Source: Lambda API reference, GetFunctionConfiguration, Qualifier.
 */
export function describeVersion(
  record: FunctionRecord,
  version: VersionRecord,
  now: number,
  qualifier?: string,
): FunctionConfiguration {
  const published = version.version !== '$LATEST';
  const pending = isPending(version, now);
  const { logging } = version;
  return {
    FunctionName: record.name,
    FunctionArn: functionArn(record, qualifier ?? (published ? version.version : undefined)),
    Runtime: version.runtime,
    Role: version.role,
    Handler: version.handler,
    CodeSize: version.code.size,
    Description: version.description,
    Timeout: version.timeoutSeconds,
    MemorySize: version.memoryMb,
    LastModified: new Date(version.modifiedAt).toISOString().replace('Z', '+0000'),
    CodeSha256: version.code.sha256,
    Version: version.version,
    TracingConfig: { Mode: version.tracingMode },
    RevisionId: version.revisionId,
    State: pending ? 'Pending' : 'Active',
    ...(pending ? { StateReason: 'The function is being created.', StateReasonCode: 'Creating' as const } : {}),
    ...(pending
      ? {}
      : { LastUpdateStatus: isUpdating(version, now) ? ('InProgress' as const) : ('Successful' as const) }),
    PackageType: 'Zip',
    Architectures: [version.architecture],
    EphemeralStorage: { Size: version.ephemeralStorageMb },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeVersionArn(record.region, version.runtime) },
    LoggingConfig: {
      LogFormat: logging.format,
      LogGroup: logging.group,
      ...(logging.applicationLevel ? { ApplicationLogLevel: logging.applicationLevel } : {}),
      ...(logging.systemLevel ? { SystemLogLevel: logging.systemLevel } : {}),
    },
    ...(version.environment ? { Environment: { Variables: { ...version.environment } } } : {}),
    ...(version.key ? { KMSKeyArn: version.key.arn } : {}),
    ...(version.layers && version.layers.length > 0
      ? { Layers: version.layers.map(({ arn, size }) => ({ Arn: arn, CodeSize: size })) }
      : {}),
    ...(version.deadLetterArn ? { DeadLetterConfig: { TargetArn: version.deadLetterArn } } : {}),
  };
}

/**
 * A version as a list has it: without its state and its runtime's build.
 * Source: Lambda API reference, ListFunctions.
 */
export function describeListed(record: FunctionRecord, version: VersionRecord, now: number, qualifier?: string) {
  const {
    State: _state,
    StateReason: _reason,
    StateReasonCode: _code,
    LastUpdateStatus: _update,
    RuntimeVersionConfig: _runtime,
    ...listed
  } = describeVersion(record, version, now, qualifier);
  return listed;
}

/** AWS names a managed runtime's exact build by a hash; ours is the runtime itself. */
export function runtimeVersionArn(region: string, runtime: string): string {
  return `arn:aws:lambda:${region}::runtime:${Buffer.from(`local-cloud ${runtime}`).toString('hex').padEnd(64, '0')}`;
}

export function describeAlias(record: FunctionRecord, alias: AliasRecord): AliasConfiguration {
  return {
    AliasArn: functionArn(record, alias.name),
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    ...(Object.keys(alias.weights).length > 0
      ? { RoutingConfig: { AdditionalVersionWeights: { ...alias.weights } } }
      : {}),
    RevisionId: alias.revisionId,
  };
}

export function describeInvokeConfig(
  record: FunctionRecord,
  qualifier: string,
  config: InvokeConfigRecord,
): FunctionEventInvokeConfig {
  return {
    LastModified: new Date(config.modifiedAt),
    FunctionArn: functionArn(record, qualifier || '$LATEST'),
    ...(config.maximumRetryAttempts === undefined ? {} : { MaximumRetryAttempts: config.maximumRetryAttempts }),
    ...(config.maximumEventAgeSeconds === undefined ? {} : { MaximumEventAgeInSeconds: config.maximumEventAgeSeconds }),
    DestinationConfig: {
      OnSuccess: config.onSuccess ? { Destination: config.onSuccess } : {},
      OnFailure: config.onFailure ? { Destination: config.onFailure } : {},
    },
  };
}
