import { own } from '@outbox/local-cloud-kernel';
import { isJsonObject, parseJson } from '@outbox/local-cloud-pattern';
import { invalidAttribute, invalidAttributeBecause, misplacedAttribute, unknownAttribute } from './errors';
import { parseRedriveAllowPolicy, parseRedrivePolicy } from './redrive-policy';
import { MAX_DELAY_SECONDS, MAX_MESSAGE_BYTES, MAX_VISIBILITY_SECONDS, MAX_WAIT_SECONDS } from './limits';

/** What can be set on a queue; the values are texts, as SQS keeps them. */
export type QueueAttributes = Record<string, string>;

/** Integer attributes: lowest, highest, default (SQS API reference, CreateQueue). */
const INTEGERS: Readonly<Record<string, readonly [min: number, max: number, initial: number | undefined]>> = {
  DelaySeconds: [0, MAX_DELAY_SECONDS, 0],
  MaximumMessageSize: [1024, MAX_MESSAGE_BYTES, MAX_MESSAGE_BYTES],
  MessageRetentionPeriod: [60, 1_209_600, 345_600],
  ReceiveMessageWaitTimeSeconds: [0, MAX_WAIT_SECONDS, 0],
  VisibilityTimeout: [0, MAX_VISIBILITY_SECONDS, 30],
  KmsDataKeyReusePeriodSeconds: [60, 86_400, undefined],
};
const REMOVED_BY_EMPTY: ReadonlySet<string> = new Set([
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
]);
/** What FIFO queues alone have, and how SQS refuses it on a standard queue. */
const FIFO_ONLY: Readonly<Record<string, string>> = {
  FifoQueue: 'Unknown Attribute FifoQueue.',
  ContentBasedDeduplication: 'Unknown Attribute ContentBasedDeduplication.',
  DeduplicationScope: 'You can specify the DeduplicationScope only when FifoQueue is set to true.',
  FifoThroughputLimit: 'You can specify the FifoThroughputLimit only when FifoQueue is set to true.',
};

/** What a FIFO queue is made with, and the values each may have (SQS API reference, CreateQueue). */
const FIFO_VALUES: Readonly<Record<string, readonly [initial: string, ...others: string[]]>> = {
  FifoQueue: ['true'],
  ContentBasedDeduplication: ['false', 'true'],
  DeduplicationScope: ['queue', 'messageGroup'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
};

export function defaultAttributes(isFifo: boolean): QueueAttributes {
  const defaults = Object.entries(INTEGERS).flatMap(([name, [, , initial]]) =>
    initial === undefined ? [] : [[name, String(initial)] as const],
  );
  const fifo = isFifo ? Object.entries(FIFO_VALUES).map(([name, [initial]]) => [name, initial] as const) : [];
  return { ...Object.fromEntries([...defaults, ...fifo]), SqsManagedSseEnabled: 'true' };
}

/**
 * The attributes after a change: an empty text removes a policy, redrive or key; SSE-SQS and SSE-KMS exclude each other.
 * @throws AwsError in SQS's wording for unknown names and values
 */
export function changeAttributes(
  current: QueueAttributes,
  changes: Readonly<Partial<Record<string, string>>>,
): QueueAttributes {
  const next = { ...current };
  const isFifo = current['FifoQueue'] === 'true';
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) continue;
    if (value === '' && REMOVED_BY_EMPTY.has(name)) delete next[name];
    else next[name] = isFifo && own(FIFO_VALUES, name) ? checkFifoAttribute(name, value) : checkAttribute(name, value);
  }
  checkThroughput(next);
  return settleEncryption(next, changes);
}

function settleEncryption(next: QueueAttributes, changes: Readonly<Partial<Record<string, string>>>): QueueAttributes {
  if (next['KmsMasterKeyId'] === undefined) return next;
  if (changes['SqsManagedSseEnabled'] === 'true') {
    throw misplacedAttribute(
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    );
  }
  return { KmsDataKeyReusePeriodSeconds: '300', ...next, SqsManagedSseEnabled: 'false' };
}

function checkFifoAttribute(name: string, value: string): string {
  // Recorded on AWS by LocalStack's test_set_unsupported_attribute_fifo.
  if (name === 'FifoQueue' && value === 'false') {
    throw invalidAttributeBecause(
      'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
    );
  }
  if (own(FIFO_VALUES, name)?.includes(value)) return value;
  throw invalidAttribute(name);
}

/** AWS documents that one of the values excludes the other, not its text (SQS API reference, SetQueueAttributes). */
function checkThroughput({ DeduplicationScope: scope, FifoThroughputLimit: limit }: QueueAttributes): void {
  if (limit !== 'perMessageGroupId' || scope === 'messageGroup') return;
  throw invalidAttributeBecause(
    'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.',
  );
}

function checkAttribute(name: string, value: string): string {
  const fifoOnly = own(FIFO_ONLY, name);
  if (fifoOnly !== undefined) throw misplacedAttribute(fifoOnly);
  const range = own(INTEGERS, name);
  if (range) return checkInteger(name, value, range[0], range[1]);
  switch (name) {
    case 'Policy':
      if (!isJsonObject(parseJson(value))) throw invalidAttribute(name);
      return value;
    case 'RedrivePolicy':
      return JSON.stringify(parseRedrivePolicy(value));
    case 'RedriveAllowPolicy':
      parseRedriveAllowPolicy(value);
      return value;
    case 'SqsManagedSseEnabled':
      if (value !== 'true' && value !== 'false') throw invalidAttribute(name);
      return value;
    case 'KmsMasterKeyId':
      return value;
    default:
      throw unknownAttribute(name);
  }
}

function checkInteger(name: string, value: string, min: number, max: number): string {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < min || number > max) throw invalidAttribute(name);
  return String(number);
}
