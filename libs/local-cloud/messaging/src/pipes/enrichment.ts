import { toAwsError, type Engine } from '@outbox/local-cloud-kernel';
import { isJsonObject, type Json, type JsonObject, parseJson } from '@outbox/local-cloud-pattern';
import { ExecutionError } from './errors';
import type { PipeRole } from './pipe-role';
import { MAX_PAYLOAD } from './limits';

/** What the function answered, as events for the target. */
export interface Enriched {
  readonly events: readonly JsonObject[];
  readonly answer: string;
}

/**
 * Invokes the enrichment function with the whole batch and reads its answer by AWS's rules: there is no partial failure;
 * an empty answer (`""`, `{}`, `[]`) drops the batch, a shorter list drops what is missing (EventBridge guide, "Pipes
 * enrichment" and "batching").
 * @throws ExecutionError when the function fails, or answers what AWS documents no meaning for
 */
export async function enrich(
  functionArn: string,
  batch: readonly Json[],
  role: PipeRole,
  engine: Pick<Engine, 'calls'>,
): Promise<Enriched> {
  const payload = Buffer.from(JSON.stringify(batch));
  if (payload.byteLength > MAX_PAYLOAD) throw failure(`The batch is larger than ${MAX_PAYLOAD} bytes.`, 413);
  const output = await engine.calls
    .call(
      'lambda',
      'Invoke',
      { FunctionName: functionArn, InvocationType: 'RequestResponse', Payload: payload },
      role.as(),
    )
    .catch((error: unknown) => {
      const { message, status } = toAwsError(error);
      throw failure(message, status, error);
    });
  const answer = Buffer.from(output.Payload ?? new Uint8Array()).toString('utf8');
  if (output.FunctionError) throw failure(`The function failed (${output.FunctionError}): ${answer}`, 200);
  return { events: readAnswer(answer), answer };
}

function readAnswer(answer: string): JsonObject[] {
  if (answer === '') return [];
  const value = parseJson(answer);
  if (value === '') return [];
  if (isJsonObject(value)) {
    if (Object.keys(value).length === 0) return [];
    throw failure('The function answered one object; AWS documents a list of events.', 200);
  }
  if (!Array.isArray(value)) throw failure(`The function answered no list of events: ${answer.slice(0, 200)}`, 200);
  return value.map((event) => {
    if (!isJsonObject(event)) throw failure('The function answered an element that is no object.', 200);
    return event;
  });
}

function failure(message: string, status: number, cause?: unknown): ExecutionError {
  return new ExecutionError('ENRICHMENT_INVOCATION', message, 'lambda', status, cause);
}
