import { toAwsError, type AwsError, type Engine } from '@outbox/local-cloud-kernel';
import type { ScheduleKeys } from './schedule-keys';
import { recordScheduleMetric } from './schedule-metrics';
import { scheduleKey, type Schedule, type ScheduleStore } from './schedule-store';
import { invokeTarget } from './schedule-target';
import { invocationTimes, timetable } from './timetable';

/** Back-off between two attempts at a target, doubled each time up to the cap. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** How exactly targets are invoked (EventBridge Scheduler guide, "Schedule types"). */
const PRECISION_MS = 60_000;
/** Errors no retry can mend go to the dead-letter queue at once. */
const PERMANENT = new Set([
  'AccessDeniedException',
  'AccessDenied',
  'ResourceNotFoundException',
  'ValidationException',
]);

/** Invokes each enabled schedule's target when it is due, with the target's retry policy and dead-letter queue. */
export class ScheduleRunner {
  readonly #timers = new Map<string, () => void>();
  readonly #running = new Set<Promise<void>>();
  readonly #stopped = new AbortController();

  constructor(
    private readonly engine: Engine,
    private readonly store: ScheduleStore,
    private readonly keys: ScheduleKeys,
  ) {}

  /** Follows every schedule an earlier run left. */
  start(): void {
    for (const schedule of this.store.schedules.values()) this.follow(scheduleKey(schedule), schedule);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    for (const cancel of this.#timers.values()) cancel();
    await Promise.all(this.#running);
  }

  /** Sets, moves or drops the timer of a schedule. */
  follow(key: string, schedule: Schedule | undefined): void {
    this.#timers.get(key)?.();
    this.#timers.delete(key);
    if (schedule?.nextAt === undefined || schedule.settings.State !== 'ENABLED' || this.#stopped.signal.aborted) return;
    const wait = schedule.nextAt - this.engine.clock.now();
    this.#timers.set(
      key,
      this.engine.clock.after(wait, () => this.#due(key)),
    );
  }

  #due(key: string): void {
    const schedule = this.store.schedules.get(key);
    if (!schedule) return;
    const now = this.engine.clock.now();
    const due = schedule.dueAt ?? now;
    const next = {
      ...schedule,
      ...invocationTimes(timetable(schedule.settings).next(due, now), schedule, this.engine),
    };
    this.store.put(next);
    this.follow(key, next);
    // After a jump of the clock one invocation stands for all that were missed: AWS's time does not jump.
    const run = this.#invoke(schedule, now - due < PRECISION_MS ? due : now)
      .then(() => this.#complete(key, next))
      .finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  /** A schedule that is to go after its last invocation goes, if nobody set it anew meanwhile. */
  #complete(key: string, last: Schedule): void {
    if (last.dueAt !== undefined || last.settings.ActionAfterCompletion !== 'DELETE') return;
    if (!this.#stopped.signal.aborted && this.store.schedules.get(key) === last) this.store.schedules.delete(key);
  }

  async #invoke(schedule: Schedule, scheduledAt: number): Promise<void> {
    const executionId = this.engine.ids.uuid();
    const policy = schedule.settings.Target?.RetryPolicy ?? {};
    const deadline = scheduledAt + (policy.MaximumEventAgeInSeconds ?? 86_400) * 1000;
    for (let attempt = 0; !this.#stopped.signal.aborted; attempt++) {
      recordScheduleMetric(this.engine, schedule, 'InvocationAttemptCount');
      try {
        await this.#attempt(schedule, scheduledAt, executionId, attempt);
        return;
      } catch (error) {
        const failure = toAwsError(error);
        const throttled = /Throttl|TooManyRequests/.test(failure.code);
        recordScheduleMetric(this.engine, schedule, throttled ? 'TargetErrorThrottledCount' : 'TargetErrorCount');
        const delay = Math.min(FIRST_RETRY_MS * 2 ** attempt, LONGEST_RETRY_MS);
        const exhausted = exhaustedBy(
          failure,
          attempt,
          policy.MaximumRetryAttempts ?? 185,
          this.engine.clock.now() + delay > deadline,
        );
        if (exhausted !== undefined)
          return this.#deadLetter(schedule, scheduledAt, executionId, attempt, failure, exhausted);
        await this.engine.clock.sleep(delay, this.#stopped.signal);
      }
    }
  }

  async #attempt(schedule: Schedule, scheduledAt: number, executionId: string, attempt: number): Promise<void> {
    const target = targetOf(schedule);
    const input = target.Input ?? '{}';
    // https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
    const payload = input
      .replaceAll('<aws.scheduler.schedule-arn>', schedule.arn)
      .replaceAll('<aws.scheduler.scheduled-time>', isoSeconds(scheduledAt))
      .replaceAll('<aws.scheduler.execution-id>', executionId)
      .replaceAll('<aws.scheduler.attempt-number>', String(attempt + 1));
    const { caller } = this.engine.identity.assumeRole(
      target.RoleArn ?? '',
      'scheduler.amazonaws.com',
      executionId,
      schedule.groupArn,
    );
    await this.keys.open(schedule, { caller, region: schedule.region });
    await invokeTarget(target, payload, this.engine, caller, schedule.region);
  }

  async #deadLetter(
    schedule: Schedule,
    scheduledAt: number,
    executionId: string,
    attempt: number,
    failure: AwsError,
    exhausted: string,
  ): Promise<void> {
    const queueArn = schedule.settings.Target?.DeadLetterConfig?.Arn;
    this.engine.log('warn', 'a schedule could not invoke its target', {
      schedule: schedule.arn,
      error: failure.message,
    });
    recordScheduleMetric(this.engine, schedule, 'InvocationDroppedCount');
    if (!queueArn) return;
    const attributes: Record<string, string> = {
      ERROR_CODE: failure.code,
      ERROR_MESSAGE: failure.message,
      EXECUTION_ID: executionId,
      EXHAUSTED_RETRY_CONDITION: exhausted,
      IS_PAYLOAD_TRUNCATED: 'false',
      RETRY_ATTEMPTS: String(attempt),
      SCHEDULED_TIME: isoSeconds(scheduledAt),
      SCHEDULE_ARN: schedule.arn,
      TARGET_ARN: schedule.settings.Target?.Arn ?? '',
    };
    try {
      const role = schedule.settings.Target?.RoleArn ?? '';
      const { caller } = this.engine.identity.assumeRole(
        role,
        'scheduler.amazonaws.com',
        executionId,
        schedule.groupArn,
      );
      const [, , , region = schedule.region, account = '', name = ''] = queueArn.split(':');
      await this.engine.calls.call(
        'sqs',
        'SendMessage',
        {
          QueueUrl: `${this.engine.origin}/${account}/${name}`,
          MessageBody: schedule.settings.Target?.Input ?? '{}',
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([key, value]) => [key, { DataType: 'String', StringValue: value }]),
          ),
        },
        { caller, region },
      );
      recordScheduleMetric(this.engine, schedule, 'InvocationsSentToDeadLetterCount');
    } catch (error) {
      recordScheduleMetric(this.engine, schedule, 'InvocationsFailedToBeSentToDeadLetterCount');
      this.engine.log('error', 'a schedule’s dead-letter queue refused its message', {
        schedule: schedule.arn,
        error: toAwsError(error).message,
      });
    }
  }
}

/** A checked schedule has a target. */
function targetOf(schedule: Schedule): NonNullable<Schedule['settings']['Target']> {
  return schedule.settings.Target ?? { Arn: undefined, RoleArn: undefined };
}

function exhaustedBy(failure: AwsError, attempt: number, maximum: number, tooOld: boolean): string | undefined {
  if (PERMANENT.has(failure.code) || attempt >= maximum) return 'MaximumRetryAttempts';
  return tooOld ? 'MaximumEventAgeInSeconds' : undefined;
}

function isoSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
