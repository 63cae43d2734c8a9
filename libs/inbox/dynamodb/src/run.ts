import {
  dynamoFailure,
  isoTime,
  loggerWith,
  passingTracer,
  RESERVE_MS,
  retryWithin,
  traceContextOf,
  traced,
  UnstorableValueError,
  type Attempt,
  type TraceContext,
} from '@outbox/function-kit';
import {
  attemptsSoFar,
  decide,
  NOTHING_STORED,
  retrySeconds,
  standstillSeconds,
  type Decision,
  type Pending,
  type StoredState,
} from '@outbox/inbox-rules';
import { eventAttributes, eventFields } from '@outbox/outbox-dynamodb';
import { commit, completionTools, type Committed } from './commit';
import { deriveId } from './derive-id';
import type { ConsumedEvent } from './event';
import { failureOf, rejected, type Failure } from './failure';
import type { InboxOptions, Settled } from './inbox';
import { appliedRecord, recordItem } from './inbox-item';
import type { Intake } from './intake';
import type { Entry, Layout } from './layout';
import { noteMissed } from './missed-note';
import { longestCallMs, makeCall } from './outside-call';
import { writePending } from './pending-writer';
import { writeUnwanted } from './skip';
import { isBeforeStart, loadStart } from './start';
import type { Completion, Finish } from './work';

/** Added to what is left of an invocation: a lease outlives whoever holds it, clocks that differ included. */
const LEASE_MARGIN_MS = 5_000;

type Step = Attempt<Settled, string>;
type Turn = Extract<Decision, { kind: 'apply' | 'advance' }>;

/**
 * One delivery of one message, from reading to the last write. Each step reads what it needs, decides, and writes once;
 * whatever it learns is kept for the next, so that a step can be repeated after a conflict or a lost answer.
 */
export class Run<E extends ConsumedEvent> {
  /** What this delivery claims by, and what it leaves behind when its attempt failed. */
  readonly #token: string;
  readonly #released: string;
  /** Undefined: to be read, or not read before a write whose condition decides alone. */
  #seen: StoredState | undefined;
  #mustRead: boolean;
  /** Whether an earlier attempt may have called the outside world. */
  #isRepeated = false;
  /** There once the outside call returned: it is never made twice. */
  #finish: Finish | undefined;
  #failure: Failure | undefined;
  /** What the spans of this delivery are a part of. */
  readonly #trace: TraceContext;
  /** What `complete` rested on and had changed, at the last attempt. */
  #stale: string | undefined;

  constructor(
    private readonly options: InboxOptions<E>,
    private readonly layout: Layout,
    private readonly intake: Intake<E>,
    private readonly remainingMs: () => number,
    trace?: TraceContext,
  ) {
    const { ids, work } = options;
    const { event } = intake;
    const { recognition } = intake.message;
    this.#trace = trace ?? traceContextOf(event?.traceparent, event?.tracestate);
    this.#token = ids.next();
    this.#released = ids.next();
    const isUnreadable = recognition === 'unknown-version' || recognition === 'malformed';
    const isOneWrite = work.kind === 'plain' && work.isPure;
    // At its first delivery an event is taken for new: the condition of the first write fails if it isn't.
    const isNew = layout.hasItemPerEvent && recognition === 'known' && intake.receipt.receives === 1 && !isLate(intake);
    this.#mustRead = layout.readsFirst || isUnreadable || !(isOneWrite || isNew);
  }

  async settle(): Promise<Settled> {
    const { retry } = this.options;
    const { remainingMs } = this;
    const policy = { ...retry, remainingMs, reserveMs: RESERVE_MS, baseMs: 25, capMs: 1_000 };
    const retried = await retryWithin(policy, () => this.#attempt());
    if (retried.kind === 'answer') return retried.value;
    // What stayed in the way for a whole invocation counts as an attempt, or it would be tried without end.
    if (this.#stale !== undefined) {
      const failed = await this.#attempt(this.#stale);
      if (failed.kind === 'answer') return failed.value;
    }
    return { kind: 'busy', reason: retried.reason };
  }

  async #attempt(stale?: string): Promise<Step> {
    this.#stale = undefined;
    try {
      return stale === undefined ? await this.#step() : await this.#fail(failureOf(new Error(stale)));
    } catch (error) {
      const failure = dynamoFailure(error);
      // The client has tried for as long as it has time.
      if (failure.kind === 'unanswered') return answer({ kind: 'busy', reason: failure.reason });
      if (failure.kind !== 'busy') throw error;
      return this.#readAgain(failure.reason);
    }
  }

  async #step(): Promise<Step> {
    if (!this.#seen && this.#mustRead) this.#seen = await this.layout.recall(this.intake.message);
    const stored = this.#seen ?? NOTHING_STORED;
    // The answer of the write that said so was lost.
    if (this.#failure && stored.pending?.token === this.#released) {
      return this.#failed(this.#failure, stored.pending, this.#backOff(this.#failure, stored.pending.attempts));
    }
    const decision = this.#decide(stored);
    switch (decision.kind) {
      case 'apply':
        if (await this.#isOlderThanConsumer(stored)) return answer({ kind: 'skip', reason: 'before-start' });
        return this.#failure ? this.#fail(this.#failure) : this.#process(decision, stored);
      case 'advance':
        return this.#complete(decision, {});
      case 'ask':
        return this.#ask(decision.version);
      case 'unreadable': {
        const { detail: error, reason } = decision;
        return this.#fail({ error, reason, isFinal: reason === 'malformed' });
      }
      case 'skip':
        if (decision.reason === 'unknown-type') await writeUnwanted(this.options, this.intake.message);
        return answer(decision);
      default:
        return answer(decision);
    }
  }

  /**
   * Whether a `once` consumer that joined with what was committed from then on gets an older event by a replay or a
   * repair. The other policies have heads that say so. What comes in time costs no further read.
   */
  async #isOlderThanConsumer({ pending }: StoredState): Promise<boolean> {
    const { subject, times } = this.intake;
    if (this.options.policy.kind !== 'once' || pending || !isLate(this.intake) || this.#finish) return false;
    return isBeforeStart(await loadStart(this.options, subject.source), times.committedAt);
  }

  #decide(stored: StoredState): Decision {
    const { policy, clock } = this.options;
    const { message, receipt } = this.intake;
    return decide(policy, message, stored, { now: clock.now(), ...receipt, token: this.#token });
  }

  /** Asks for a version before the head is read again: what was published meanwhile may have been completed, too. */
  async #ask(version: number): Promise<Step> {
    const { publicationOf, clock, retentionDays } = this.options;
    const { subject, message } = this.intake;
    const publication = (await publicationOf?.(subject, version)) ?? { kind: 'absent' };
    const missed = { subject: message.subject, version, now: clock.now(), retentionDays };
    // What was not published yet can't be missed.
    const rules = {
      standstillSeconds: standstillSeconds({ ...this.intake.receipt, now: missed.now }),
      lastVersion: this.#seen?.head?.lastVersion ?? 0,
    };
    const missedSince = publication.kind === 'waiting' ? missed.now : await noteMissed(this.options, missed, rules);
    this.#seen = { ...(await this.layout.recall(message)), awaited: { version, publication, missedSince } };
    return this.#step();
  }

  async #process(decision: Turn, stored: StoredState): Promise<Step> {
    const { work, name, tracer = passingTracer } = this.options;
    const { event, message } = this.intake;
    if (!event) throw new TypeError(`event ${message.id} is known, and there is nothing to read`);
    const logger = loggerWith(this.options.logger, eventFields(event));
    const attributes = eventAttributes(event);
    if (work.kind === 'call' && !this.#finish) {
      const claimed = await this.#claim(stored, longestCallMs(work, this.#wasBegun(stored)));
      if ('kind' in claimed) return claimed;
      const key = deriveId('key', name, message.id);
      const telemetry = { logger, tracer, trace: this.#trace, attributes };
      try {
        this.#finish = await makeCall({ work, event, ...claimed, key, isRepeated: this.#isRepeated, ...telemetry });
      } catch (error) {
        return this.#fail(failureOf(error));
      }
    }
    const start = { name: 'complete', kind: 'producer', parent: this.#trace, attributes } as const;
    return traced(tracer, start, async ({ context }) => {
      let completion: Completion;
      try {
        const finish = this.#finish ?? (work.kind === 'plain' ? work.finish(event) : () => ({}));
        completion = await finish(completionTools({ ...this.options, logger }, event));
      } catch (error) {
        const { kind } = dynamoFailure(error);
        if (kind === 'busy' || kind === 'unanswered') throw error;
        return this.#fail(failureOf(error));
      }
      return this.#complete(decision, completion, context);
    });
  }

  /** Takes the event up for an outside call, unless this delivery did so before. */
  async #claim(stored: StoredState, callMs: number): Promise<Step | { readonly claim: Pending }> {
    const { clock, maxAttempts } = this.options;
    const { message } = this.intake;
    if (stored.pending?.token === this.#token) return { claim: stored.pending };
    const before = this.#wasBegun(stored) ? stored.pending : undefined;
    const attempts = attemptsSoFar(message, stored) + 1;
    if (attempts > maxAttempts) {
      const error = before?.lastError ?? 'the last attempt ended without a word';
      return this.#fail({ error, reason: 'attempts', isFinal: true });
    }
    const [now, left] = [clock.now(), this.remainingMs()];
    if (left < callMs + RESERVE_MS) return answer({ kind: 'busy', reason: `${left} ms are too few for a call` });
    this.#isRepeated ||= before !== undefined;
    const claim: Pending = {
      ...this.#about(stored),
      status: 'claimed',
      attempts,
      token: this.#token,
      leaseUntil: now + left + LEASE_MARGIN_MS,
      ...(before?.lastError === undefined ? {} : { lastError: before.lastError }),
    };
    if (!(await writePending(this.options, this.layout, message, stored, claim))) return this.#readAgain(MOVED);
    this.#seen = { ...stored, pending: claim };
    return { claim };
  }

  /** Writes down that the attempt failed: either it is tried again, or it is a dead letter. */
  async #fail(failure: Failure): Promise<Step> {
    const { maxAttempts } = this.options;
    const { message, receipt } = this.intake;
    this.#failure = failure;
    this.#mustRead = true;
    if (!this.#seen) return this.#step();
    const { pending } = this.#seen;
    const isMine = pending?.token === this.#token;
    const attempts = isMine ? pending.attempts : Math.min(maxAttempts, attemptsSoFar(message, this.#seen) + 1);
    const visibilitySeconds = this.#backOff(failure, attempts);
    const failed: Pending = {
      ...this.#about(this.#seen),
      attempts,
      token: this.#released,
      lastError: failure.error,
      ...(failure.isFinal || attempts >= maxAttempts
        ? { status: 'dead-lettered', reason: failure.reason, messageId: receipt.messageId }
        : {
            status: 'retrying',
            ...(failure.reason === 'unknown-version'
              ? { retryAt: this.options.clock.now() + visibilitySeconds * 1_000 }
              : {}),
          }),
    };
    const isWritten = await writePending(this.options, this.layout, message, this.#seen, failed);
    return isWritten ? this.#failed(failure, failed, visibilitySeconds) : this.#readAgain(MOVED);
  }

  #backOff({ afterSeconds, isMinimum }: Failure, attempts: number): number {
    const backOff = retrySeconds(attempts, this.options.retry.random());
    return isMinimum ? Math.max(afterSeconds ?? 0, backOff) : (afterSeconds ?? backOff);
  }

  #failed({ error, stack, reason }: Failure, { status, attempts }: Pending, visibilitySeconds: number): Step {
    if (status === 'dead-lettered') return answer({ kind: 'dead-letter', reason, detail: error });
    return answer({ kind: 'retry', visibilitySeconds, attempts, error, ...(stack === undefined ? {} : { stack }) });
  }

  /** Writes what completes the event, or passes it over. */
  async #complete(decision: Turn, completion: Completion, trace = this.#trace): Promise<Step> {
    let committed: Committed;
    try {
      const own = this.layout.completed(this.#entry(decision, completion), this.#seen);
      committed = await commit(this.options, this.layout, own, completion, this.intake.event, trace);
    } catch (error) {
      if (error instanceof UnstorableValueError) return this.#fail(rejected(`record: ${error.message}`));
      const failure = dynamoFailure(error);
      if (failure.kind === 'busy' || failure.kind === 'unanswered') throw error;
      return this.#fail(failure.kind === 'invalid' ? rejected(failure.detail) : failureOf(error));
    }
    switch (committed.kind) {
      case 'written':
        return answer(decision);
      case 'moved':
        return committed.stored ? this.#movedTo(committed.stored) : this.#readAgain(MOVED);
      case 'stale':
        this.#stale = committed.reason;
        return { kind: 'again', reason: committed.reason };
      case 'refused':
        return this.#fail(rejected(committed.detail));
    }
  }

  #entry({ kind }: Turn, { record = {} }: Completion): Entry {
    const { clock, indexed, keepDays, retentionDays } = this.options;
    const { message } = this.intake;
    const now = clock.now();
    const entry = { message, writtenAt: isoTime(now) };
    if (kind === 'advance') return entry;
    const { pending } = this.#seen ?? NOTHING_STORED;
    const attempts = pending?.token === this.#token ? pending.attempts : attemptsSoFar(message, { pending }) + 1;
    const expiresAt = (hasFields: boolean): number | undefined => {
      const days = hasFields ? keepDays : retentionDays;
      return days === undefined ? undefined : Math.floor(now / 1_000) + days * 86_400;
    };
    return { ...entry, record: recordItem(appliedRecord(this.intake, now, attempts), record, { indexed, expiresAt }) };
  }

  #wasBegun({ pending }: StoredState): boolean {
    return pending?.eventId === this.intake.message.id;
  }

  #about(stored: StoredState): Pick<Pending, 'eventId' | 'type' | 'version' | 'firstAttemptAt'> {
    const { id: eventId, type, version } = this.intake.message;
    const begun = this.#wasBegun(stored) ? stored.pending?.firstAttemptAt : undefined;
    return { eventId, type, version, firstAttemptAt: begun ?? this.options.clock.now() };
  }

  #readAgain(reason: string): Step {
    this.#seen = undefined;
    this.#mustRead = true;
    return { kind: 'again', reason };
  }

  /** Decides at once by what stood in the way: most often it is the event itself, done before. */
  async #movedTo(stored: StoredState): Promise<Step> {
    this.#seen = stored;
    return this.#decide(stored).kind === 'apply' ? { kind: 'again', reason: MOVED } : this.#step();
  }
}

/** How long after its commit an event comes to the bus at the latest, unless something is wrong. */
const LATE_MS = 60_000;

/** Whether an event comes by a replay, a repair or after an outage. */
function isLate({ isReplayed, times }: Intake<ConsumedEvent>): boolean {
  return isReplayed || Date.parse(times.busAt) - Date.parse(times.committedAt) > LATE_MS;
}

const MOVED = 'another delivery wrote meanwhile';

function answer(value: Settled): Step {
  return { kind: 'answer', value };
}
