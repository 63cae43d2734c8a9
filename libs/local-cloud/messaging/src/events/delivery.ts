import type { Target } from '@aws-sdk/client-eventbridge';
import { Deliveries, parseArn, toAwsError, type AwsError, type Engine } from '@outbox/local-cloud-kernel';
import { backOff } from '../shared/back-off';
import { envelopeText, envelopeTime, type BusEvent } from './event';
import type { StoredRule } from './event-store';
import { targetInput } from './input-transformer';
import { recordRuleMetric, type RuleMetric } from './rule-metrics';

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

/** AWS's defaults: 24 hours and 185 retries (EventBridge guide, "Retry policies"). */
const DEFAULT_AGE_SECONDS = 86_400;
const DEFAULT_RETRIES = 185;
/** Spreads 185 retries over about a day, as AWS's defaults do together. */
const BACK_OFF = { firstMs: 1000, longestMs: 480_000 };

const SUCCEEDED = ['Invocations', 'SuccessfulInvocationAttempts'] as const;
const NO_PERMISSIONS = 'NO_PERMISSIONS';
const NO_RESOURCE = 'NO_RESOURCE';
const INVALID_JSON = 'INVALID_JSON';
/** What no retry would mend. */
const PERMANENT: ReadonlySet<string> = new Set([NO_PERMISSIONS, NO_RESOURCE, INVALID_JSON]);

/** Brings matched events to their targets: at once, then by the target's retry policy, then to its dead-letter queue. */
export class Deliverer {
  readonly #deliveries: Deliveries<Delivery>;

  constructor(private readonly engine: Engine) {
    this.#deliveries = new Deliveries(engine, 'events.deliveries', (delivery) => this.#attempt(delivery));
  }

  /** Takes an event for every target of a rule; it is kept before this returns. */
  accept(rule: StoredRule, event: BusEvent): void {
    const now = this.engine.clock.now();
    for (const target of rule.targets) {
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
    await this.#send(delivery, target.Arn ?? '', body, {}, target.SqsParameters?.MessageGroupId);
  }

  /** Body and attributes as AWS writes them (EventBridge guide, "Using dead-letter queues"). */
  async #sendToDeadLetters(delivery: Delivery): Promise<void> {
    const { target, rule, failure } = delivery;
    const text = (value: string): { DataType: string; StringValue: string } => ({
      DataType: 'String',
      StringValue: value,
    });
    await this.#send(delivery, target.DeadLetterConfig?.Arn ?? '', envelopeText(delivery.event), {
      RULE_ARN: text(rule.arn),
      TARGET_ARN: text(target.Arn ?? ''),
      ERROR_CODE: text(failure?.code ?? 'UNKNOWN'),
      ERROR_MESSAGE: text(failure?.message || 'No message.'),
      RETRY_ATTEMPTS: text(String(Math.max(0, delivery.attempts - 1))),
      ...(failure?.exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: text(failure.exhausted) }),
    });
  }

  async #send(
    { rule }: Delivery,
    queueArn: string,
    body: string,
    attributes: Record<string, { DataType: string; StringValue: string }>,
    groupId?: string,
  ): Promise<void> {
    const { accountId, region, resource } = parseArn(queueArn);
    const caller = this.engine.identity.servicePrincipal('events.amazonaws.com', rule.bus.accountId, rule.arn);
    const input = {
      QueueUrl: `${this.engine.origin}/${accountId}/${resource}`,
      MessageBody: body,
      ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
      ...(Object.keys(attributes).length > 0 ? { MessageAttributes: attributes } : {}),
    };
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
  if (/AccessDenied|NotAuthorized|KmsAccessDenied/.test(error.code)) return NO_PERMISSIONS;
  if (error.code === 'QueueDoesNotExist') return NO_RESOURCE;
  if (error.code === INVALID_JSON) return INVALID_JSON;
  if (/Throttl|OverLimit/.test(error.code)) return 'THROTTLING';
  return error.fault === 'server' ? 'INTERNAL_ERROR' : 'SDK_CLIENT_ERROR';
}
