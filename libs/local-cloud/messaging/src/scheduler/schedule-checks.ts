import { AwsError, parseArn, unsupported, type Engine } from '@outbox/local-cloud-kernel';
import { parseJson } from '@outbox/local-cloud-pattern';
import { checkTexts } from './schedule-constraints';
import type { Schedule, ScheduleRequest, ScheduleSettings } from './schedule-store';
import { TARGET_PARAMETERS } from './schedule-target';
import { timetable } from './timetable';

const TARGET =
  /^arn:[\w-]+:(lambda:[\w-]+:\d{12}:function:.+|sqs:[\w-]+:\d{12}:[\w-]+|events:[\w-]+:\d{12}:event-bus\/.+)$/;
const QUEUE = /^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]+$/;

const MINUTE_MS = 60_000;
/** How long ago a recurring schedule may have started; AWS's own message names it. */
const EARLIEST_START_MINUTES = 5;
const MAX_WINDOW_MINUTES = 1440;

/** What is run of a schedule, and of its target; whatever else a request sets is refused. */
const SETTINGS = new Set([
  'ActionAfterCompletion',
  'Description',
  'EndDate',
  'FlexibleTimeWindow',
  'KmsKeyArn',
  'ScheduleExpression',
  'ScheduleExpressionTimezone',
  'StartDate',
  'State',
  'Target',
]);
const TARGET_SETTINGS = new Set(['Arn', 'DeadLetterConfig', 'Input', 'RetryPolicy', 'RoleArn']);

/**
 * The settings with AWS's defaults: enabled, UTC, kept after its last invocation, 185 attempts within 24 hours.
 * @throws AwsError ValidationException for what AWS refuses, `UnsupportedOperation` for what the engine doesn't run
 */
export function checkedSettings(request: ScheduleRequest, operation: string, now: number): ScheduleSettings {
  checkTexts(request);
  refuseOthers(request, SETTINGS, operation);
  const { StartDate, EndDate, ...others } = request;
  const settings: ScheduleSettings = {
    ActionAfterCompletion: 'NONE',
    State: 'ENABLED',
    ScheduleExpressionTimezone: 'UTC',
    ...others,
    ...(StartDate ? { startAt: StartDate.getTime() } : {}),
    ...(EndDate ? { endAt: EndDate.getTime() } : {}),
    Target: checkedTarget(request.Target, operation),
  };
  checkWindow(settings.FlexibleTimeWindow);
  timetable(settings);
  checkDates(settings, now);
  return settings;
}

/** Limits: EventBridge Scheduler API reference, FlexibleTimeWindow. */
function checkWindow(window: ScheduleSettings['FlexibleTimeWindow']): void {
  const minutes = window?.MaximumWindowInMinutes;
  switch (window?.Mode) {
    case 'OFF':
      if (minutes !== undefined) throw invalid('MaximumWindowInMinutes must not be set when Mode is OFF.');
      return;
    case 'FLEXIBLE':
      if (minutes === undefined || outside(minutes, 1, MAX_WINDOW_MINUTES)) {
        throw invalid(`MaximumWindowInMinutes must be between 1 and ${MAX_WINDOW_MINUTES} when Mode is FLEXIBLE.`);
      }
      return;
    default:
      throw invalid('FlexibleTimeWindow must have Mode OFF or FLEXIBLE.');
  }
}

/** A one-time schedule ignores both dates. */
function checkDates({ ScheduleExpression, startAt: start, endAt: end }: ScheduleSettings, now: number): void {
  if (ScheduleExpression?.startsWith('at(')) return;
  if (start !== undefined && start < now - EARLIEST_START_MINUTES * MINUTE_MS) {
    throw invalid(`The StartDate you specify cannot be earlier than ${EARLIEST_START_MINUTES} minutes ago.`);
  }
  if (end !== undefined && end <= (start ?? now)) {
    throw invalid(
      start === undefined
        ? 'The EndDate you specify must be in the future.'
        : 'The EndDate you specify must come after the StartDate.',
    );
  }
}

/**
 * AWS tries the role's trust when a schedule is set, as it will be taken at each invocation: for the schedule's group.
 * @throws AwsError ValidationException
 */
export function checkExecutionRole({ identity, ids }: Pick<Engine, 'identity' | 'ids'>, schedule: Schedule): void {
  try {
    identity.assumeRole(
      schedule.settings.Target?.RoleArn ?? '',
      'scheduler.amazonaws.com',
      ids.uuid(),
      schedule.groupArn,
    );
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalid('The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');
  }
}

function checkedTarget(target: ScheduleSettings['Target'], operation: string): ScheduleSettings['Target'] {
  if (!target?.Arn || !target.RoleArn) throw invalid('Target must have Arn and RoleArn.');
  if (!TARGET.test(target.Arn)) throw unsupported('scheduler', operation, `the target ${target.Arn}`);
  const own = TARGET_PARAMETERS.get(parseArn(target.Arn).service);
  refuseOthers(target, own === undefined ? TARGET_SETTINGS : new Set([...TARGET_SETTINGS, own]), operation);
  if (own !== undefined && !target.EventBridgeParameters)
    throw invalid(`${own} is required for the target ${target.Arn}.`);
  checkInput(target);
  const queue = target.DeadLetterConfig?.Arn;
  if (queue !== undefined && !QUEUE.test(queue)) {
    throw invalid(`The dead-letter queue ${queue} is not a standard SQS queue.`);
  }
  const { MaximumEventAgeInSeconds = 86_400, MaximumRetryAttempts = 185 } = target.RetryPolicy ?? {};
  if (outside(MaximumEventAgeInSeconds, 60, 86_400)) {
    throw invalid('MaximumEventAgeInSeconds must be between 60 and 86400.');
  }
  if (outside(MaximumRetryAttempts, 0, 185)) throw invalid('MaximumRetryAttempts must be between 0 and 185.');
  return { ...target, RetryPolicy: { MaximumEventAgeInSeconds, MaximumRetryAttempts } };
}

/** Functions and buses take JSON only (EventBridge Scheduler API reference, Target). */
function checkInput({ Arn, Input }: NonNullable<ScheduleSettings['Target']>): void {
  if (Input === undefined || parseArn(Arn ?? '').service === 'sqs') return;
  if (parseJson(Input) === undefined) throw invalid(`Input must be well-formed JSON for the target ${Arn}.`);
}

function refuseOthers(parameters: object, known: ReadonlySet<string>, operation: string): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && !known.has(name)) throw unsupported('scheduler', operation, name);
  }
}

function outside(value: number, least: number, most: number): boolean {
  return !Number.isInteger(value) || value < least || value > most;
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
