import type { Schedule } from './schedule-store';

/** One attempt at one time of a schedule. */
export interface Attempt {
  readonly id: string;
  readonly schedule: Schedule;
  /** Epoch milliseconds. */
  readonly scheduledAt: number;
  readonly attempts: number;
}

/**
 * What the target gets: its input with the attempt's attributes filled in, or else the default notification
 * (EventBridge Scheduler API reference, Target; its guide, "Adding context attributes").
 */
export function payloadOf(attempt: Attempt): string {
  const { id, schedule, scheduledAt, attempts } = attempt;
  return inputOf(attempt)
    .replaceAll('<aws.scheduler.schedule-arn>', schedule.arn)
    .replaceAll('<aws.scheduler.scheduled-time>', isoSeconds(scheduledAt))
    .replaceAll('<aws.scheduler.execution-id>', id)
    .replaceAll('<aws.scheduler.attempt-number>', String(attempts + 1));
}

/** The same before anything is filled in. The notification is the one real schedules send: its detail is a text. */
export function inputOf({ id, schedule, scheduledAt }: Attempt): string {
  const { Input } = schedule.settings.Target ?? {};
  if (Input !== undefined) return Input;
  return JSON.stringify({
    version: '0',
    id,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: schedule.accountId,
    time: isoSeconds(scheduledAt),
    region: schedule.region,
    resources: [schedule.arn],
    detail: '{}',
  });
}

/** `2026-01-31T12:00:00Z` */
export function isoSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
