import { Deliveries, toAwsError, type AwsError, type Due, type Engine } from '@outbox/local-cloud-kernel';
import type { ScheduleKeys } from './schedule-keys';
import { recordScheduleMetric } from './schedule-metrics';
import { inputOf, isoSeconds, payloadOf, type Attempt } from './schedule-payload';
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
  'InvalidArgument',
  'MalformedDetail',
  'NotAuthorizedForSourceException',
]);

/** What is on its way to a target. Its id is the execution's; `attempts` have been made so far. */
type Invocation = Attempt & Due;

/**
 * Invokes each enabled schedule's target when it is due, with the target's retry policy and dead-letter queue; what is
 * on its way survives a restart of the engine.
 */
export class ScheduleRunner {
  readonly #timers = new Map<string, () => void>();
  readonly #invocations: Deliveries<Invocation>;
  #stopped = false;

  constructor(
    private readonly engine: Engine,
    private readonly store: ScheduleStore,
    private readonly keys: ScheduleKeys,
  ) {
    this.#invocations = new Deliveries(engine, 'scheduler/invocations', (invocation) => this.#try(invocation));
  }

  /** Follows every schedule an earlier run left, and goes on with its invocations. */
  start(): void {
    this.#invocations.resume();
    for (const schedule of this.store.schedules.values()) this.follow(scheduleKey(schedule), schedule);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#timers.values()) cancel();
    await this.#invocations.stop();
  }

  /** Sets, moves or drops the timer of a schedule. */
  follow(key: string, schedule: Schedule | undefined): void {
    this.#timers.get(key)?.();
    this.#timers.delete(key);
    if (schedule?.nextAt === undefined || schedule.settings.State !== 'ENABLED' || this.#stopped) return;
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
    this.#invocations.keepAndTry({
      id: this.engine.ids.uuid(),
      schedule,
      // After a jump of the clock one invocation stands for all that were missed: AWS's time does not jump.
      scheduledAt: now - due < PRECISION_MS ? due : now,
      attempts: 0,
      nextAt: now,
    });
  }

  async #try(invocation: Invocation): Promise<void> {
    recordScheduleMetric(this.engine, invocation.schedule, 'InvocationAttemptCount');
    try {
      await this.#attempt(invocation);
    } catch (error) {
      if (!(await this.#givenUp(invocation, toAwsError(error)))) return;
    }
    this.#invocations.remove(invocation);
    this.#complete(invocation.schedule);
  }

  /** Keeps a failed invocation for another attempt, unless there is none left: then it is dead-lettered. */
  async #givenUp(invocation: Invocation, failure: AwsError): Promise<boolean> {
    const { schedule, scheduledAt, attempts } = invocation;
    const throttled = /Throttl|TooManyRequests/.test(failure.code);
    recordScheduleMetric(this.engine, schedule, throttled ? 'TargetErrorThrottledCount' : 'TargetErrorCount');
    const policy = schedule.settings.Target?.RetryPolicy ?? {};
    const deadline = scheduledAt + (policy.MaximumEventAgeInSeconds ?? 86_400) * 1000;
    const nextAt = this.engine.clock.now() + Math.min(FIRST_RETRY_MS * 2 ** attempts, LONGEST_RETRY_MS);
    const exhausted = exhaustedBy(failure, attempts, policy.MaximumRetryAttempts ?? 185, nextAt > deadline);
    if (exhausted === undefined) {
      this.#invocations.keep({ ...invocation, attempts: attempts + 1, nextAt });
      return false;
    }
    await this.#deadLetter(invocation, failure, exhausted);
    return true;
  }

  /** A schedule that is to go after its last invocation goes, if nobody set it anew meanwhile. */
  #complete(invoked: Schedule): void {
    const schedule = this.store.schedules.get(scheduleKey(invoked));
    if (!schedule || schedule.dueAt !== undefined || schedule.modifiedAt !== invoked.modifiedAt) return;
    if (schedule.settings.ActionAfterCompletion === 'DELETE') this.store.schedules.delete(scheduleKey(schedule));
  }

  async #attempt(invocation: Invocation): Promise<void> {
    const { id: executionId, schedule } = invocation;
    const target = targetOf(schedule);
    const { caller } = this.engine.identity.assumeRole(
      target.RoleArn ?? '',
      'scheduler.amazonaws.com',
      executionId,
      schedule.groupArn,
    );
    await this.keys.open(schedule, { caller, region: schedule.region });
    await invokeTarget(target, payloadOf(invocation), this.engine, caller, schedule.region);
  }

  async #deadLetter(invocation: Invocation, failure: AwsError, exhausted: string): Promise<void> {
    const { id: executionId, schedule, scheduledAt, attempts } = invocation;
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
      RETRY_ATTEMPTS: String(attempts),
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
          MessageBody: inputOf(invocation),
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

function exhaustedBy(failure: AwsError, attempts: number, maximum: number, tooOld: boolean): string | undefined {
  if (PERMANENT.has(failure.code) || attempts >= maximum) return 'MaximumRetryAttempts';
  return tooOld ? 'MaximumEventAgeInSeconds' : undefined;
}
