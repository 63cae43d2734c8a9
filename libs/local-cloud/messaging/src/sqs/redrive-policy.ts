import { isJsonObject, parseJson } from '@outbox/local-cloud-pattern';
import { invalidValue } from './errors';
import { isQueueArn } from './queue-address';

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** @throws AwsError InvalidParameterValue in AWS's wording */
export function parseRedrivePolicy(text: string): RedrivePolicy {
  const fail = (reason: string): Error => invalidValue(text, 'RedrivePolicy', reason);
  const parsed = parseJson(text);
  if (!isJsonObject(parsed)) throw fail('Redrive policy is not a valid JSON map.');
  const { deadLetterTargetArn, maxReceiveCount, ...rest } = parsed;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw fail(`Unknown parameter ${unknown}.`);
  if (typeof deadLetterTargetArn !== 'string')
    throw fail('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  if (maxReceiveCount === undefined)
    throw fail('Redrive policy does not contain mandatory attribute: maxReceiveCount.');
  const count = Number(maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > 1000) {
    throw fail(
      'Invalid value for maxReceiveCount: ' +
        String(maxReceiveCount) +
        ', valid values are from 1 to 1000 both inclusive.',
    );
  }
  if (!isQueueArn(deadLetterTargetArn)) throw fail('Invalid value for deadLetterTargetArn.');
  return { deadLetterTargetArn, maxReceiveCount: count };
}

/** Whether a queue's RedriveAllowPolicy lets `sourceArn` name it as dead-letter queue; without one every queue may. */
export function allowsRedrive(policyText: string | undefined, sourceArn: string): boolean {
  if (policyText === undefined) return true;
  const policy = parseRedriveAllowPolicy(policyText);
  if (policy.redrivePermission === 'byQueue') return policy.sourceQueueArns.includes(sourceArn);
  return policy.redrivePermission === 'allowAll';
}

interface RedriveAllowPolicy {
  readonly redrivePermission: 'allowAll' | 'denyAll' | 'byQueue';
  readonly sourceQueueArns: readonly string[];
}

const UNSUPPORTED = "Amazon SQS can't create the redrive allow policy, as it's in an unsupported format.";

/** @throws AwsError InvalidParameterValue: `byQueue` takes 1 to 10 source queues, the others none. */
export function parseRedriveAllowPolicy(text: string): RedriveAllowPolicy {
  const fail = (reason: string): Error => invalidValue(text, 'RedriveAllowPolicy', reason);
  const parsed = parseJson(text);
  if (!isJsonObject(parsed)) throw fail(UNSUPPORTED);
  const { redrivePermission, sourceQueueArns = [] } = parsed;
  const permission = (['allowAll', 'denyAll', 'byQueue'] as const).find((name) => name === redrivePermission);
  if (!permission || !Array.isArray(sourceQueueArns)) throw fail(UNSUPPORTED);
  const arns = sourceQueueArns.filter((arn): arn is string => typeof arn === 'string' && isQueueArn(arn));
  if (arns.length < sourceQueueArns.length) throw fail(UNSUPPORTED);
  if (permission !== 'byQueue' && arns.length > 0)
    throw fail(
      `Amazon SQS can't create the redrive allow policy, because you can't specify the sourceQueueArns when the redrivePermission is set to ${permission}.`,
    );
  if (permission === 'byQueue' && (arns.length < 1 || arns.length > 10))
    throw fail(
      "Amazon SQS can't create the redrive allow policy, because it must contain from 1 to 10 sourceQueueArns.",
    );
  return { redrivePermission: permission, sourceQueueArns: arns };
}
