import { AwsError, unsupported } from '@outbox/local-cloud-kernel';

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const RATE = /^rate\((\d+) (minute|hour|day)s?\)$/;

/**
 * Milliseconds between two invocations of `rate(value unit)`
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html).
 * @throws AwsError ValidationException for anything malformed; `cron` and `at` are refused as not supported
 */
export function rateMs(expression: string): number {
  if (/^(cron|at)\(.*\)$/.test(expression))
    throw unsupported('scheduler', 'CreateSchedule', `the expression ${expression}`);
  const [, value, unit] = RATE.exec(expression) ?? [];
  if (value === undefined || unit === undefined || Number(value) < 1) {
    throw new AwsError('ValidationException', `Invalid Schedule Expression ${expression}.`);
  }
  return Number(value) * UNIT_MS[unit as keyof typeof UNIT_MS];
}
