import type { Target } from '@aws-sdk/client-eventbridge';
import { parseArn, type Caller, type Engine } from '@outbox/local-cloud-kernel';
import { busTarget } from './bus-target';
import type { BusEvent } from '../event';
import type { Forwarding } from '../forwarding';
import type { StoredRule } from '../event-store';
import { functionTarget } from './function-target';
import { logGroupTarget } from './log-group-target';
import { queueTarget } from './queue-target';
import { topicTarget } from './topic-target';

/** One event for one target. */
export interface Sending {
  readonly target: Target;
  readonly rule: Pick<StoredRule, 'arn' | 'bus'>;
  readonly event: BusEvent;
  /** What the target's input makes of the event. */
  readonly body: string;
  /** The target's role, or EventBridge itself. */
  readonly caller: Caller;
}

/** A service that rules send events to. */
export interface TargetKind {
  /**
   * Checks what belongs to this kind alone, once the rest of the target is checked.
   * @throws AwsError ValidationException, or UnsupportedOperation for what isn't run
   */
  check?(target: Target): void;
  /** @throws AwsError as the service answers it */
  send(sending: Sending, engine: Pick<Engine, 'calls' | 'clock' | 'origin'>, forwarding: Forwarding): Promise<unknown>;
}

/** By the service of the target's ARN. */
const KINDS: ReadonlyMap<string, TargetKind> = new Map([
  ['events', busTarget],
  ['lambda', functionTarget],
  ['logs', logGroupTarget],
  ['sns', topicTarget],
  ['sqs', queueTarget],
]);

/** Undefined for a service that rules don't send to here. */
export function targetKind(arn: string): TargetKind | undefined {
  return KINDS.get(parseArn(arn).service);
}
