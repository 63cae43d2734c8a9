import { isUtf8 } from 'node:buffer';
import type { InvokeCommandInput } from '@aws-sdk/client-lambda';
import { AwsError, type Engine } from '@outbox/local-cloud-kernel';
import type { Executor } from '../runtime/executor';
import type { InvocationResult } from '../runtime/invocation';
import { traceRoot } from '../trace-root';
import { isPending } from './describe';
import { conflict } from './errors';
import type { FunctionKeys } from './function-keys';
import { recordFunctionMetric } from './function-metrics';
import type { Functions } from './functions';
import { functionArn, type FunctionName } from './names';

export interface InvokeOptions {
  readonly requestId: string;
  /** JSON text. */
  readonly clientContext?: string | undefined;
  /** Nobody waits for the answer. */
  readonly isBackground?: boolean;
}

export interface Invoked extends InvocationResult {
  readonly executedVersion: string;
}

/** Runs a function by name, for whoever may: the Invoke operation, the async queue, event source mappings. */
export class Invoker {
  constructor(
    private readonly engine: Engine,
    private readonly functions: Functions,
    private readonly executor: Executor,
    private readonly keys: FunctionKeys,
  ) {}

  /**
   * @param payload JSON text
   * @throws AwsError for an unknown function, one that still comes into being, or used-up concurrency
   */
  async invoke(at: FunctionName, payload: Uint8Array, options: InvokeOptions): Promise<Invoked> {
    const { record, version } = this.functions.resolve(at);
    if (isPending(version, this.engine.clock.now())) {
      throw conflict(
        'The operation cannot be performed at this time. The function is currently in the following state: Pending',
      );
    }
    await this.keys.open(version, record);
    const result = await this.#measured(at, () =>
      this.executor.invoke(
        { record, version },
        {
          requestId: options.requestId,
          invokedArn: functionArn(record, at.qualifier),
          payload,
          traceId: this.#traceId(version.tracingMode === 'Active'),
          clientContext: options.clientContext,
          isBackground: options.isBackground ?? false,
        },
      ),
    );
    return { ...result, executedVersion: version.version };
  }

  /** Has an environment started for what a published version's first event will be; what is in the way is left to it. */
  async prepare(at: FunctionName): Promise<void> {
    try {
      const { record, version } = this.functions.resolve(at);
      await this.keys.open(version, record);
      this.executor.prepare({ record, version });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.engine.log('debug', 'no environment started ahead', { function: functionArn(at, at.qualifier), reason });
    }
  }

  /**
   * Resolves when no event waits for an environment of the function.
   * @throws AwsError for an unknown function
   */
  whenFree(at: FunctionName): Promise<void> {
    return this.executor.whenFree(this.functions.resolve(at));
  }

  /** Throttled invocations are counted as such, and as nothing else. */
  async #measured(at: FunctionName, run: () => Promise<InvocationResult>): Promise<InvocationResult> {
    try {
      const result = await run();
      recordFunctionMetric(this.engine, at, 'Invocations');
      recordFunctionMetric(this.engine, at, 'Errors', result.failed ? 1 : 0);
      if (result.durationMs !== undefined) {
        recordFunctionMetric(this.engine, at, 'Duration', result.durationMs, 'Milliseconds');
      }
      return result;
    } catch (error) {
      if (error instanceof AwsError && error.code === 'TooManyRequestsException') {
        recordFunctionMetric(this.engine, at, 'Throttles');
      }
      throw error;
    }
  }

  #traceId(sampled: boolean): string {
    const parent = this.engine.ids.token(16, '0123456789abcdef');
    return `Root=${traceRoot(this.engine)};Parent=${parent};Sampled=${sampled ? 1 : 0}`;
  }
}

/**
 * The event of a request: JSON text, `{}` when none was sent.
 * @throws AwsError `InvalidRequestContentException` for what is no JSON, `RequestTooLargeException` above `limit` bytes.
 */
export function checkPayload(sent: InvokeCommandInput['Payload'], limit: number, type: string): Uint8Array {
  const payload = sent === undefined ? undefined : toBytes(sent);
  if (!payload || payload.byteLength === 0) return Buffer.from('{}');
  if (payload.byteLength > limit) {
    throw new AwsError(
      'RequestTooLargeException',
      `${payload.byteLength} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`,
      { status: 413, members: { Type: 'User' } },
    );
  }
  try {
    if (!isUtf8(payload)) throw new Error('Could not parse payload into json: Invalid UTF-8');
    JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${error instanceof Error ? error.message : String(error)}`,
      { members: { Type: 'User' } },
    );
  }
  return payload;
}

function toBytes(sent: NonNullable<InvokeCommandInput['Payload']>): Uint8Array {
  if (typeof sent === 'string') return Buffer.from(sent);
  if (ArrayBuffer.isView(sent)) return new Uint8Array(sent.buffer, sent.byteOffset, sent.byteLength);
  if (sent instanceof ArrayBuffer) return new Uint8Array(sent);
  throw new TypeError('a payload inside the engine is text or bytes, never a stream');
}
