import { AwsError, unsupported, type Engine } from '@outbox/local-cloud-kernel';
import type { Schedule, ScheduleSettings } from './schedule-store';

const NAME = /^[0-9a-zA-Z-_.]{1,64}$/;
const FUNCTION = /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:.+$/;
const QUEUE = /^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]+$/;

/** What is run of a schedule, and of its target; whatever else a request sets is refused. */
const SETTINGS = new Set([
  'ActionAfterCompletion',
  'Description',
  'FlexibleTimeWindow',
  'ScheduleExpression',
  'ScheduleExpressionTimezone',
  'State',
  'Target',
]);
const TARGET_SETTINGS = new Set(['Arn', 'DeadLetterConfig', 'Input', 'RetryPolicy', 'RoleArn']);

/** @throws AwsError ValidationException */
export function validName(name: string | undefined): string {
  if (name === undefined || !NAME.test(name)) {
    throw invalid(
      `Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ${NAME.source}`,
    );
  }
  return name;
}

/**
 * The settings with AWS's defaults: enabled, UTC, 185 attempts within 24 hours.
 * @throws AwsError ValidationException for what AWS refuses, `UnsupportedOperation` for what the engine doesn't run
 */
export function checkedSettings(settings: ScheduleSettings, operation: string): ScheduleSettings {
  refuseOthers(settings, SETTINGS, operation);
  if (settings.FlexibleTimeWindow?.Mode !== 'OFF') throw unsupported('scheduler', operation, 'flexible time windows');
  if (settings.ActionAfterCompletion === 'DELETE') {
    throw unsupported('scheduler', operation, 'schedules that delete themselves');
  }
  return {
    State: 'ENABLED',
    ScheduleExpressionTimezone: 'UTC',
    ...settings,
    Target: checkedTarget(settings.Target, operation),
  };
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
  if (!FUNCTION.test(target.Arn)) throw unsupported('scheduler', operation, `the target ${target.Arn}`);
  refuseOthers(target, TARGET_SETTINGS, operation);
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
