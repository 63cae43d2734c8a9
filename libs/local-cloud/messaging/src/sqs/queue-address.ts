import { formatArn, parseArn } from '@outbox/local-cloud-kernel';
import { invalidAddress, invalidParameter, missingParameter } from './errors';

/** Which queue is meant, whether it exists or not. */
export interface QueueAddress {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
}

export function queueAddress(accountId: string, region: string, name: string): QueueAddress {
  return { accountId, region, name, arn: formatArn('sqs', region, accountId, name) };
}

/** The queue a request names. @throws AwsError MissingParameter */
export function addressFromName(accountId: string, region: string, name: string | undefined): QueueAddress {
  if (!name) throw missingParameter('QueueName');
  return queueAddress(accountId, region, name);
}

/** Reads `…/<account>/<name>`; the host doesn't matter. @throws AwsError MissingParameter, InvalidAddress */
export function addressFromUrl(url: string | undefined, region: string): QueueAddress {
  if (!url) throw missingParameter('QueueUrl');
  const match = /\/(\d{12})\/([\w.-]+)\/?$/.exec(url);
  if (!match?.[1] || !match[2]) throw invalidAddress(url);
  return queueAddress(match[1], region, match[2]);
}

/** Whether the text has the form of a queue's ARN. */
export function isQueueArn(text: string): boolean {
  return /^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w.-]+$/.test(text);
}

/** @throws AwsError InvalidParameterValue when the text is no queue's ARN */
export function addressFromArn(arn: string, parameter: string): QueueAddress {
  if (!isQueueArn(arn)) {
    throw invalidParameter(`Value ${arn} for parameter ${parameter} is invalid. Reason: Invalid ARN.`);
  }
  const { accountId, region, resource } = parseArn(arn);
  return queueAddress(accountId, region, resource);
}
