import { pageBy, tagList, withTags, type Engine, type Page, type Service } from '@outbox/local-cloud-kernel';
import {
  invalidAttribute,
  invalidParameter,
  invalidValue,
  purgeInProgress,
  queueDeletedRecently,
  queueDoesNotExist,
  queueNameExists,
  unknownAttribute,
} from './errors';
import { isFifo } from './fifo';
import { onQueue } from './permissions';
import { addressFromArn, addressFromName, addressFromUrl, queueAddress, type QueueAddress } from './queue-address';
import { changeAttributes, defaultAttributes, type QueueAttributes } from './queue-attributes';
import type { QueueStore, StoredQueue } from './queue-store';
import { allowsRedrive, parseRedrivePolicy } from './redrive-policy';
import { tagRules } from './tag-operations';
import { PAGE, QUIET_MS } from './limits';

/** Creating, describing, changing and deleting queues. */
export function queueOperations(
  store: QueueStore,
  engine: Pick<Engine, 'clock' | 'identity' | 'origin'>,
): Service<'sqs'>['operations'] {
  const urlOf = (queue: QueueAddress): string => `${engine.origin}/${queue.accountId}/${queue.name}`;

  /** SQS refuses a dead-letter queue that does not exist or does not let this queue use it. */
  const checkRedrive = (queue: Pick<StoredQueue, 'accountId' | 'region' | 'name' | 'arn' | 'attributes'>): void => {
    const text = queue.attributes['RedrivePolicy'];
    if (text === undefined) return;
    const { deadLetterTargetArn } = parseRedrivePolicy(text);
    const { accountId, region } = addressFromArn(deadLetterTargetArn, 'deadLetterTargetArn');
    if (accountId !== queue.accountId || region !== queue.region) {
      throw invalidValue(text, 'RedrivePolicy', 'Dead letter target owner should be same as the source.');
    }
    const target = store.find(deadLetterTargetArn);
    if (target && isFifo(target) !== isFifo(queue)) {
      throw invalidValue(text, 'RedrivePolicy', 'Dead letter target must be same type of queue as the source.');
    }
    if (!target) throw invalidValue(text, 'RedrivePolicy', 'Dead letter target does not exist.');
    if (!allowsRedrive(target.attributes['RedriveAllowPolicy'], queue.arn)) {
      throw invalidValue(text, 'RedrivePolicy', 'Dead letter target does not permit this source queue.');
    }
  };

  const checkPolicy = ({ Policy: text }: Readonly<Partial<Record<string, string>>>): void => {
    if (text && engine.identity.resourcePolicyProblem(text) !== undefined) throw invalidAttribute('Policy');
  };

  return {
    CreateQueue: {
      requires: (input, { accountId, region }) => {
        const { arn } = addressFromName(accountId, region, input.QueueName);
        const create = { action: 'sqs:CreateQueue', resource: arn };
        return input.tags ? [create, { action: 'sqs:TagQueue', resource: arn }] : [create];
      },
      handle: (input, { accountId, region }) => {
        const name = input.QueueName ?? '';
        const isFifoName = checkFifo(name, input.Attributes?.FifoQueue);
        if (!isFifoName && !/^[\w-]{1,80}$/.test(name)) {
          throw invalidParameter(
            'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
          );
        }
        const address = queueAddress(accountId, region, name);
        const now = engine.clock.now();
        const known = store.find(address.arn);
        if (known) {
          sameAttributes(known, input.Attributes ?? {});
          return { QueueUrl: urlOf(known) };
        }
        const deletedAt = store.deletedAt(address.arn);
        if (deletedAt !== undefined && now - deletedAt < QUIET_MS) throw queueDeletedRecently();
        const attributes = changeAttributes(defaultAttributes(isFifoName), input.Attributes ?? {});
        const tags = withTags({}, tagList(input.tags), tagRules(name));
        const queue: StoredQueue = { ...address, attributes, tags, createdAt: now, modifiedAt: now };
        checkPolicy(attributes);
        checkRedrive(queue);
        store.save(queue);
        return { QueueUrl: urlOf(queue) };
      },
    },
    GetQueueUrl: {
      requires: (input, { accountId, region }) => [
        onQueue(
          store,
          'GetQueueUrl',
          addressFromName(input.QueueOwnerAWSAccountId ?? accountId, region, input.QueueName),
        ),
      ],
      handle: (input, { accountId, region }) => ({
        QueueUrl: urlOf(store.get(addressFromName(input.QueueOwnerAWSAccountId ?? accountId, region, input.QueueName))),
      }),
    },
    ListQueues: {
      requires: () => [{ action: 'sqs:ListQueues', resource: '*' }],
      handle: (input, { accountId, region }) => {
        const prefix = input.QueueNamePrefix ?? '';
        const page = pageOf(
          store.list(accountId, region).filter((queue) => queue.name.startsWith(prefix)),
          input.MaxResults,
          input.NextToken,
        );
        return { QueueUrls: page.items.length > 0 ? page.items.map(urlOf) : undefined, NextToken: page.next };
      },
    },
    ListDeadLetterSourceQueues: {
      requires: (input, { region }) => [
        onQueue(store, 'ListDeadLetterSourceQueues', addressFromUrl(input.QueueUrl, region)),
      ],
      handle: (input, { region }) => {
        const queue = store.get(addressFromUrl(input.QueueUrl, region));
        const page = pageOf(store.sourcesOf(queue.arn), input.MaxResults, input.NextToken);
        return { queueUrls: page.items.map(urlOf), NextToken: page.next };
      },
    },
    GetQueueAttributes: {
      requires: (input, { region }) => [onQueue(store, 'GetQueueAttributes', addressFromUrl(input.QueueUrl, region))],
      handle: (input, { region }) => {
        const queue = store.get(addressFromUrl(input.QueueUrl, region));
        const names: readonly string[] = input.AttributeNames ?? [];
        const all = shownAttributes(store, queue);
        for (const name of names) {
          const isKnown = name === 'All' || KNOWN.has(name) || (isFifo(queue) && FIFO_ATTRIBUTES.has(name));
          if (!isKnown) throw unknownAttribute(name);
        }
        const chosen = Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name));
        return { Attributes: chosen.length > 0 ? Object.fromEntries(chosen) : undefined };
      },
    },
    SetQueueAttributes: {
      requires: (input, { region }) => [onQueue(store, 'SetQueueAttributes', addressFromUrl(input.QueueUrl, region))],
      handle: (input, { region }) => {
        const queue = store.get(addressFromUrl(input.QueueUrl, region));
        const attributes = changeAttributes(queue.attributes, input.Attributes ?? {});
        checkPolicy(input.Attributes ?? {});
        const changed = { ...queue, attributes, modifiedAt: engine.clock.now() };
        if (input.Attributes?.RedrivePolicy) checkRedrive(changed);
        store.save(changed);
        return {};
      },
    },
    PurgeQueue: {
      requires: (input, { region }) => [onQueue(store, 'PurgeQueue', addressFromUrl(input.QueueUrl, region))],
      handle: (input, { region }) => {
        const queue = store.get(addressFromUrl(input.QueueUrl, region));
        const now = engine.clock.now();
        if (queue.purgedAt !== undefined && now - queue.purgedAt < QUIET_MS) throw purgeInProgress(queue.name);
        store.messages(queue).clear();
        store.save({ ...queue, purgedAt: now });
        return {};
      },
    },
    DeleteQueue: {
      requires: (input, { region }) => [onQueue(store, 'DeleteQueue', addressFromUrl(input.QueueUrl, region))],
      handle: (input, { region }) => {
        const queue = store.find(addressFromUrl(input.QueueUrl, region).arn);
        if (!queue) throw queueDoesNotExist();
        store.delete(queue);
        return {};
      },
    },
  };
}

/** Whether it is a FIFO queue, which has to say so by its name and by an attribute (SQS API reference, CreateQueue). */
function checkFifo(name: string, attribute: string | undefined): boolean {
  if (attribute !== 'true') return false;
  if (/^[\w-]{1,75}\.fifo$/.test(name)) return true;
  throw invalidParameter(
    'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length',
  );
}

const KNOWN: ReadonlySet<string> = new Set([
  'QueueArn',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'VisibilityTimeout',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'DelaySeconds',
  'ReceiveMessageWaitTimeSeconds',
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
]);
/** What FIFO queues alone have. */
const FIFO_ATTRIBUTES: ReadonlySet<string> = new Set([
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
]);

function shownAttributes(store: QueueStore, queue: StoredQueue): Record<string, string> {
  const counts = store.messages(queue).counts();
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
    ...queue.attributes,
  };
}

/** CreateQueue on a queue that exists answers its URL, unless a given attribute differs. */
function sameAttributes(known: StoredQueue, wanted: Readonly<Partial<Record<string, string>>>): void {
  const asked: QueueAttributes = changeAttributes(isFifo(known) ? { FifoQueue: 'true' } : {}, wanted);
  for (const name of Object.keys(wanted)) {
    if (asked[name] !== known.attributes[name]) throw queueNameExists(name);
  }
}

/** One page of a listing. Without MaxResults SQS answers up to 1000 and no token. */
function pageOf(
  queues: readonly StoredQueue[],
  maxResults: number | undefined,
  token: string | undefined,
): Page<StoredQueue> {
  if (maxResults !== undefined && (maxResults < 1 || maxResults > PAGE)) {
    throw invalidValue(maxResults, 'MaxResults', `Must be between 1 and ${PAGE}, if provided.`);
  }
  const invalid = (): Error => invalidValue(token, 'NextToken', 'Not a token of this listing.');
  const page = pageBy(queues, (queue) => queue.name, token, maxResults ?? PAGE, invalid);
  return maxResults === undefined ? { ...page, next: undefined } : page;
}
