import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { isJsonObject, parseJson } from '@outbox/local-cloud-pattern';
import type { StoredPipe } from '../pipe-store';
import { TemplateError, type PipeVariables } from '../template';
import { invocationFailed, type PipeTarget } from './pipe-target';
import { bodyOf, dynamic, transformed, type TargetEvent } from './target-event';

const LONGEST = { source: 256, detailType: 128, resource: 2048, time: 64 } as const;

/** EventBridge PutEvents. */
export const busTarget: PipeTarget = {
  service: 'events',
  parameters: 'EventBridgeEventBusParameters',
  maxBatch: 10,
  arn: /^arn:[\w-]+:events:[\w-]+:\d{12}:event-bus\/.+$/,
  prepare: (pipe, events, variables) => transformed(() => events.map((event) => busEntry(pipe, event, variables))),
  send: async (entries, _events, { role, engine }) => {
    const output = await engine.calls
      .call('events', 'PutEvents', { Entries: entries as PutEventsRequestEntry[] }, role.as())
      .catch(invocationFailed('events'));
    const results = output.Entries ?? [];
    const failed = results.flatMap((result, index) => (result.ErrorCode === undefined ? [] : [index]));
    const first = results.find((result) => result.ErrorCode !== undefined);
    return { failed, error: first && `${first.ErrorCode}: ${first.ErrorMessage}`, answer: JSON.stringify(output) };
  },
};

/**
 * Makes the bus entry of one event. Defaults of source and detail-type are those real pipes send.
 * @throws TemplateError when template or paths can't be filled, or the detail is no JSON object
 */
function busEntry(pipe: StoredPipe, event: TargetEvent, variables: PipeVariables): PutEventsRequestEntry {
  const parameters = pipe.targetParameters?.EventBridgeEventBusParameters;
  const resolve = (text: string, longest: number): string => dynamic(text, event, longest);
  const detail = bodyOf(pipe, event, variables);
  if (!isJsonObject(parseJson(detail))) {
    throw new TemplateError(`The detail is no JSON object: ${detail.slice(0, 200)}`);
  }
  return {
    EventBusName: pipe.target,
    Source: resolve(parameters?.Source ?? `Pipe ${pipe.name}`, LONGEST.source),
    DetailType: resolve(
      parameters?.DetailType ?? `Event from aws:${pipe.queue ? 'sqs' : 'dynamodb'}`,
      LONGEST.detailType,
    ),
    Detail: detail,
    Resources: parameters?.Resources?.map((text) => resolve(text, LONGEST.resource)),
    Time: parameters?.Time === undefined ? undefined : instant(resolve(parameters.Time, LONGEST.time)),
  };
}

function instant(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new TemplateError(`Time ${text} is no RFC 3339 time`);
  return time;
}
