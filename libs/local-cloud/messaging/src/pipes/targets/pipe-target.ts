import type { PipeTargetParameters } from '@aws-sdk/client-pipes';
import { parseArn, toAwsError, type Engine } from '@outbox/local-cloud-kernel';
import { ExecutionError } from '../errors';
import type { PipeRole } from '../pipe-role';
import type { StoredPipe } from '../pipe-store';
import type { PipeVariables } from '../template';
import { busTarget } from './bus-target';
import { functionTarget } from './function-target';
import { logGroupTarget } from './log-group-target';
import { queueTarget } from './queue-target';
import type { TargetEvent } from './target-event';
import { topicTarget } from './topic-target';

/** What a target made of a batch: which of its events failed, with the first error, and AWS's answer. */
export interface Delivered {
  readonly failed: readonly number[];
  readonly error?: string | undefined;
  readonly answer: string;
}

/** Everything sending takes. */
export interface Sending {
  readonly pipe: StoredPipe;
  readonly role: PipeRole;
  readonly engine: Pick<Engine, 'calls' | 'clock' | 'origin'>;
}

/** A service that pipes send to. */
export interface PipeTarget {
  readonly service: string;
  /** The member of TargetParameters that is its own. */
  readonly parameters: keyof PipeTargetParameters;
  /** Source: EventBridge guide, "Pipes batching and concurrency". */
  readonly maxBatch: number;
  readonly arn: RegExp;
  /**
   * Makes what is sent, event by event.
   * @throws ExecutionError when a template or path can't be filled
   */
  prepare(pipe: StoredPipe, events: readonly TargetEvent[], variables: PipeVariables): readonly object[];
  /** @param entries what `prepare` made. @throws ExecutionError when the whole call failed */
  send(entries: readonly object[], events: readonly TargetEvent[], sending: Sending): Promise<Delivered>;
}

const TARGETS: readonly PipeTarget[] = [busTarget, functionTarget, logGroupTarget, queueTarget, topicTarget];

/** By the target's ARN; undefined for what pipes don't send to here. */
export function pipeTarget(arn: string): PipeTarget | undefined {
  const { service } = parseArn(arn);
  return TARGETS.find((one) => one.service === service && one.arn.test(arn));
}

/** A call that failed as a whole. */
export function invocationFailed(service: string) {
  return (error: unknown): never => {
    const { message, status } = toAwsError(error);
    throw new ExecutionError('TARGET_INVOCATION', message, service, status, error);
  };
}

/** The failures of an answer by entry, whose ids are their places. */
export function failuresOf(
  failed: readonly {
    readonly Id?: string | undefined;
    readonly Code?: string | undefined;
    readonly Message?: string | undefined;
  }[] = [],
): Pick<Delivered, 'failed' | 'error'> {
  const [first] = failed;
  return { failed: failed.map(({ Id }) => Number(Id)), error: first && `${first.Code}: ${first.Message}` };
}
