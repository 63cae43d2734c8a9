import { delimiter } from 'node:path';
import type { Credentials } from '@outbox/local-cloud-kernel';
import type { FunctionTarget } from './invocation';

export interface VariableOptions {
  readonly origin: string;
  readonly taskRoot: string;
  readonly runtimeDirectory: string;
  readonly temporaryDirectory: string;
  readonly compileCache: string;
  readonly logStream: string;
  readonly credentials: Credentials;
  readonly clockOffsetMs: number;
  readonly path: string;
  /** Folders of modules that are found after the function's own. */
  readonly modules: readonly string[];
}

/**
 * Everything in a function process's environment: the function's own variables and those Lambda sets; of the engine's
 * own environment only PATH. Source: Lambda developer guide, configuration-envvars. Four differ because this is no
 * /var/task on a machine of its own: LAMBDA_TASK_ROOT is the real folder, TMPDIR stands for the environment's own /tmp,
 * AWS_ENDPOINT_URL leads the SDK to the engine, AWS_LAMBDA_RUNTIME_API is there for code that tells Lambda by it (the
 * bootstrap has a socket instead). NODE_PATH may be set by the function.
 */
export function processVariables(
  { record, version }: FunctionTarget,
  options: VariableOptions,
): Record<string, string> {
  return {
    NODE_PATH: options.modules.join(delimiter),
    ...version.environment,
    _HANDLER: version.handler,
    AWS_REGION: record.region,
    AWS_DEFAULT_REGION: record.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${version.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: record.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(version.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: version.version,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: version.logging.group,
    AWS_LAMBDA_LOG_STREAM_NAME: options.logStream,
    ...(version.logging.format === 'JSON'
      ? { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: version.logging.applicationLevel ?? 'INFO' }
      : {}),
    AWS_ACCESS_KEY_ID: options.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: options.credentials.secretAccessKey,
    ...(options.credentials.sessionToken ? { AWS_SESSION_TOKEN: options.credentials.sessionToken } : {}),
    AWS_LAMBDA_RUNTIME_API: options.origin.replace(/^https?:\/\//, ''),
    AWS_ENDPOINT_URL: options.origin,
    LAMBDA_TASK_ROOT: options.taskRoot,
    LAMBDA_RUNTIME_DIR: options.runtimeDirectory,
    TMPDIR: options.temporaryDirectory,
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    PATH: options.path,
    LOCAL_CLOUD_CLOCK_OFFSET_MS: String(options.clockOffsetMs),
    LOCAL_CLOUD_COMPILE_CACHE: options.compileCache,
  };
}
