import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { toAwsError, type Engine } from '@outbox/local-cloud-kernel';
import { isJsonObject, type JsonObject, parseJson } from '@outbox/local-cloud-pattern';
import { ExecutionError } from './errors';
import type { PipeRole } from './pipe-role';
import type { StoredPipe } from './pipe-store';
import { fillTemplate, isDynamic, resolveDynamic, TemplateError, type PipeVariables } from './template';

/** An event for the target, with the source record it came from when that is certain. */
export interface TargetEvent {
  readonly event: JsonObject;
  readonly record?: JsonObject;
}

const LONGEST = { source: 256, detailType: 128, resource: 2048, time: 64 } as const;

/**
 * Makes the bus entry of one event. Defaults of source and detail-type are those real pipes send.
 * @throws ExecutionError when template or paths can't be filled, or the detail is no JSON object
 */
export function busEntry(
  pipe: StoredPipe,
  { event, record }: TargetEvent,
  variables: PipeVariables,
): PutEventsRequestEntry {
  const parameters = pipe.targetParameters?.EventBridgeEventBusParameters;
  const template = pipe.targetParameters?.InputTemplate;
  try {
    const resolve = (text: string, longest: number): string => dynamic(text, event, record, longest);
    const detail = template ? fillTemplate(template, event, variables) : JSON.stringify(event);
    if (!isJsonObject(parseJson(detail)))
      throw new TemplateError(`The detail is no JSON object: ${detail.slice(0, 200)}`);
    return {
      EventBusName: pipe.target,
      Source: resolve(parameters?.Source ?? `Pipe ${pipe.name}`, LONGEST.source),
      DetailType: resolve(parameters?.DetailType ?? 'Event from aws:dynamodb', LONGEST.detailType),
      Detail: detail,
      Resources: parameters?.Resources?.map((text) => resolve(text, LONGEST.resource)),
      Time: parameters?.Time === undefined ? undefined : instant(resolve(parameters.Time, LONGEST.time)),
    };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new ExecutionError('TARGET_TRANSFORMATION', error.message, undefined, undefined, error);
  }
}

/**
 * AWS does not say whether a path is looked up in the source record or in what the enrichment made of it, so both must
 * agree: a pipe that would depend on the answer fails here.
 */
function dynamic(text: string, event: JsonObject, record: JsonObject | undefined, longest: number): string {
  const value = resolveDynamic(text, event, longest);
  if (record && record !== event && isDynamic(text) && resolveDynamic(text, record, longest) !== value) {
    throw new TemplateError(`${text} differs between the source record and the enriched event`);
  }
  return value;
}

function instant(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new TemplateError(`Time ${text} is no RFC 3339 time`);
  return time;
}

/**
 * Puts the entries on the bus as the pipe's role.
 * @returns the indexes of entries that failed, with the first error, and AWS's answer
 * @throws ExecutionError when the whole call failed
 */
export async function putOnBus(
  entries: PutEventsRequestEntry[],
  role: PipeRole,
  engine: Pick<Engine, 'calls'>,
): Promise<{ failed: number[]; error: string | undefined; answer: string }> {
  const output = await engine.calls
    .call('events', 'PutEvents', { Entries: entries }, role.as())
    .catch((error: unknown) => {
      const { message, status } = toAwsError(error);
      throw new ExecutionError('TARGET_INVOCATION', message, 'events', status, error);
    });
  const results = output.Entries ?? [];
  const failed = results.flatMap((result, index) => (result.ErrorCode === undefined ? [] : [index]));
  const first = results.find((result) => result.ErrorCode !== undefined);
  return { failed, error: first && `${first.ErrorCode}: ${first.ErrorMessage}`, answer: JSON.stringify(output) };
}
