import { AwsError, parseArn, type Caller, type Engine } from '@outbox/local-cloud-kernel';
import type { ScheduleSettings } from './schedule-store';

type Target = NonNullable<ScheduleSettings['Target']>;

/** Kinds of targets that are run, by the service of the target's ARN, with the one member that belongs to each alone. */
export const TARGET_PARAMETERS: ReadonlyMap<string, string | undefined> = new Map([
  ['lambda', undefined],
  ['sqs', undefined],
  ['events', 'EventBridgeParameters'],
]);

/**
 * Calls the target's API as the schedule's role: Lambda Invoke (asynchronous), SQS SendMessage, EventBridge PutEvents
 * (EventBridge Scheduler guide, "Templated targets").
 * @throws AwsError as the target answers it
 */
export async function invokeTarget(
  target: Target,
  payload: string,
  { calls, origin }: Pick<Engine, 'calls' | 'origin'>,
  caller: Caller,
  region: string,
): Promise<void> {
  const arn = target.Arn ?? '';
  const { service, accountId, region: at, resource } = parseArn(arn);
  if (service === 'sqs') {
    const input = { QueueUrl: `${origin}/${accountId}/${resource}`, MessageBody: payload };
    await calls.call('sqs', 'SendMessage', input, { caller, region: at });
  } else if (service === 'events') {
    const { DetailType, Source } = target.EventBridgeParameters ?? {};
    const entry = { EventBusName: arn, DetailType, Source, Detail: payload };
    const { Entries = [] } = await calls.call('events', 'PutEvents', { Entries: [entry] }, { caller, region: at });
    const refused = Entries.find(({ ErrorCode }) => ErrorCode !== undefined);
    if (refused) throw new AwsError(refused.ErrorCode ?? '', refused.ErrorMessage ?? '');
  } else {
    const input = { FunctionName: arn, InvocationType: 'Event' as const, Payload: new TextEncoder().encode(payload) };
    await calls.call('lambda', 'Invoke', input, { caller, region });
  }
}
