import type { Target } from '@aws-sdk/client-eventbridge';
import {
  backOff,
  Deliveries,
  parseArn,
  toAwsError,
  type AwsError,
  type Caller,
  type Engine,
} from '@outbox/local-cloud-kernel';
import { envelopeText, envelopeTime, type BusEvent } from './event';
import type { StoredRule } from './event-store';
import type { Forwarding } from './forwarding';
import { targetInput } from './input-transformer';
import { recordRuleMetric, type RuleMetric } from './rule-metrics';
import { targetKind } from './targets/target-kind';
import { DEFAULT_AGE_SECONDS, DEFAULT_RETRIES } from './limits';

/** One event on its way to one target; kept until it is there, in the dead-letter queue, or given up. */
interface Delivery {
  readonly id: string;
  readonly rule: Pick<StoredRule, 'arn' | 'name' | 'bus'>;
  readonly target: Target;
  readonly event: BusEvent;
  readonly acceptedAt: number;
  attempts: number;
  nextAt: number;
  /** Set once the target is given up: the event now goes to the dead-letter queue. */
  failure?: { readonly code: string; readonly message: string; readonly exhausted?: string };
}

/** Spreads 185 retries over about a day, as AWS's defaults do together. */
const BACK_OFF = { firstMs: 1000, longestMs: 480_000 };

const EVENTS = 'events.amazonaws.com';
const SUCCEEDED = ['Invocations', 'SuccessfulInvocationAttempts'] as const;
const NO_PERMISSIONS = 'NO_PERMISSIONS';
const NO_RESOURCE = 'NO_RESOURCE';
const INVALID_JSON = 'INVALID_JSON';
/** What no retry would mend. */
const PERMANENT: ReadonlySet<string> = new Set([NO_PERMISSIONS, NO_RESOURCE, INVALID_JSON]);

/** Brings matched events to their targets: at once, then by the target's retry policy, then to its dead-letter queue. */
export class Deliverer {
  readonly #deliveries: Deliveries<Delivery>;

  constructor(
    private readonly engine: Engine,
    private readonly forwarding: Forwarding,
  ) {
    this.#deliveries = new Deliveries(engine, 'events.deliveries', (delivery) => this.#attempt(delivery));
  }

  /** Takes an event for every target of a rule that it may go to; it is kept before this returns. */
  accept(rule: StoredRule, event: BusEvent): void {
    const now = this.engine.clock.now();
    for (const target of rule.targets) {
      if (event.isForwarded && parseArn(target.Arn ?? '').service === 'events') continue;
      const { arn, name, bus } = rule;
      const delivery: Delivery = {
        id: this.engine.ids.uuid(),
        rule: { arn, name, bus },
        target,
        event,
        acceptedAt: now,
        attempts: 0,
        nextAt: now,
      };
      this.#deliveries.keepAndTry(delivery);
    }
  }

  /** Goes on with what an earlier run of the engine had accepted and not delivered. */
  resume(): void {
    this.#deliveries.resume();
  }

  stop(): Promise<void> {
    return this.#deliveries.stop();
  }

  async #attempt(delivery: Delivery): Promise<void> {
    try {
      if (delivery.failure) await this.#sendToDeadLetters(delivery);
      else await this.#sendToTarget(delivery);
      this.#deliveries.remove(delivery);
      this.#count(delivery, ...(delivery.failure ? (['InvocationsSentToDlq'] as const) : SUCCEEDED));
      if (!delivery.failure) this.#latency(delivery);
    } catch (error) {
      this.#afterFailure(delivery, toAwsError(error));
    }
  }

  async #sendToTarget(delivery: Delivery): Promise<void> {
    const { target, rule, event } = delivery;
    this.#count(delivery, 'InvocationAttempts');
    if (delivery.attempts > 0) this.#count(delivery, 'RetryInvocationAttempts');
    const body = targetInput(target, rule, event, envelopeTime(delivery.acceptedAt));
    const caller = this.#callerFor(delivery);
    const kind = targetKind(target.Arn ?? '');
    await kind?.send({ target, rule, event, body, caller }, this.engine, this.forwarding);
  }

  /** Who calls the target: its role; without one, EventBridge, and for a bus the rule's account. */
  #callerFor({ id, target, rule }: Delivery): Caller {
    const { identity } = this.engine;
    const { accountId } = rule.bus;
    if (target.RoleArn !== undefined) {
      return identity.assumeRole(target.RoleArn, EVENTS, id.replaceAll('-', ''), rule.arn).caller;
    }
    if (parseArn(target.Arn ?? '').service !== 'events') {
      return identity.servicePrincipal(EVENTS, accountId, rule.arn);
    }
    const root = `arn:aws:iam::${accountId}:root`;
    return { kind: 'root', accountId, arn: root, userId: accountId };
  }

  /** Body and attributes as AWS writes them (EventBridge guide, "Using dead-letter queues"). */
  async #sendToDeadLetters(delivery: Delivery): Promise<void> {
    const { target, rule, failure } = delivery;
    const text = (value: string): { DataType: string; StringValue: string } => ({
      DataType: 'String',
      StringValue: value,
    });
    const { accountId, region, resource } = parseArn(target.DeadLetterConfig?.Arn ?? '');
    const MessageAttributes = {
      RULE_ARN: text(rule.arn),
      TARGET_ARN: text(target.Arn ?? ''),
      ERROR_CODE: text(failure?.code ?? 'UNKNOWN'),
      ERROR_MESSAGE: text(failure?.message || 'No message.'),
      RETRY_ATTEMPTS: text(String(Math.max(0, delivery.attempts - 1))),
      ...(failure?.exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: text(failure.exhausted) }),
    };
    const caller = this.engine.identity.servicePrincipal(EVENTS, rule.bus.accountId, rule.arn);
    const QueueUrl = `${this.engine.origin}/${accountId}/${resource}`;
    const input = { QueueUrl, MessageBody: envelopeText(delivery.event), MessageAttributes };
    await this.engine.calls.call('sqs', 'SendMessage', input, { caller, region });
  }

  #afterFailure(delivery: Delivery, error: AwsError): void {
    const code = errorCode(error);
    const permanent = PERMANENT.has(code);
    const { rule, target, failure } = delivery;
    this.engine.log('warn', 'event not delivered', { rule: rule.arn, target: target.Arn, code, error: error.message });
    if (failure) {
      if (permanent) {
        this.#count(delivery, 'InvocationsFailedToBeSentToDlq');
        return this.#giveUp(delivery, 'its dead-letter queue refuses it');
      }
      return this.#retry(delivery, this.#delay(delivery));
    }
    delivery.attempts += 1;
    const delay = this.#delay(delivery);
    const exhausted = permanent ? undefined : this.#exhausted(delivery, delay);
    if (!permanent && !exhausted) return this.#retry(delivery, delay);
    this.#count(delivery, 'Invocations', 'FailedInvocations');
    if (target.DeadLetterConfig?.Arn === undefined)
      return this.#giveUp(delivery, 'its target has no dead-letter queue');
    delivery.failure = { code, message: error.message, ...(exhausted ? { exhausted } : {}) };
    this.#retry(delivery, 0);
  }

  #count({ rule }: Delivery, ...names: readonly RuleMetric[]): void {
    for (const name of names) recordRuleMetric(this.engine, rule, name);
  }

  #latency({ rule, acceptedAt }: Delivery): void {
    const taken = this.engine.clock.now() - acceptedAt;
    recordRuleMetric(this.engine, rule, 'IngestionToInvocationSuccessLatency', taken, 'Milliseconds');
  }

  /** Which limit of the retry policy ends it; whichever comes first. */
  #exhausted(delivery: Delivery, delayMs: number): string | undefined {
    const policy = delivery.target.RetryPolicy;
    if (delivery.attempts > (policy?.MaximumRetryAttempts ?? DEFAULT_RETRIES)) return 'MaximumRetryAttempts';
    const age = this.engine.clock.now() + delayMs - delivery.acceptedAt;
    return age > (policy?.MaximumEventAgeInSeconds ?? DEFAULT_AGE_SECONDS) * 1000
      ? 'MaximumEventAgeInSeconds'
      : undefined;
  }

  #delay(delivery: Delivery): number {
    return backOff(delivery.attempts, BACK_OFF, this.engine.ids.random());
  }

  #retry(delivery: Delivery, delayMs: number): void {
    delivery.nextAt = this.engine.clock.now() + delayMs;
    this.#deliveries.keep(delivery);
  }

  #giveUp(delivery: Delivery, why: string): void {
    this.#deliveries.remove(delivery);
    this.engine.log('error', `event dropped: ${why}`, { rule: delivery.rule.arn, eventId: delivery.event.id });
  }
}

/** AWS's ERROR_CODE for what went wrong. */
function errorCode(error: AwsError): string {
  if (/AccessDenied|NotAuthorized|AuthorizationError/.test(error.code)) return NO_PERMISSIONS;
  if (/^(QueueDoesNotExist|NotFoundException|ResourceNotFoundException)$/.test(error.code)) return NO_RESOURCE;
  if (error.code === INVALID_JSON || error.code === 'InvalidRequestContentException') return INVALID_JSON;
  if (/Throttl|OverLimit|TooManyRequests/.test(error.code)) return 'THROTTLING';
  return error.fault === 'server' ? 'INTERNAL_ERROR' : 'SDK_CLIENT_ERROR';
}
