import type { SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { parseArn } from '@outbox/local-cloud-kernel';
import { failuresOf, invocationFailed, type PipeTarget } from './pipe-target';
import { bodyOf, dynamic, transformed } from './target-event';
import { LONGEST_ID } from '../limits';

/** SQS SendMessageBatch. */
export const queueTarget: PipeTarget = {
  service: 'sqs',
  parameters: 'SqsQueueParameters',
  maxBatch: 10,
  arn: /^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/,
  prepare: (pipe, events, variables) => {
    const { MessageGroupId: group, MessageDeduplicationId: id } = pipe.targetParameters?.SqsQueueParameters ?? {};
    return transformed(() =>
      events.map((event, index): SendMessageBatchRequestEntry => ({
        Id: String(index),
        MessageBody: bodyOf(pipe, event, variables),
        ...(group === undefined ? {} : { MessageGroupId: dynamic(group, event, LONGEST_ID) }),
        ...(id === undefined ? {} : { MessageDeduplicationId: dynamic(id, event, LONGEST_ID) }),
      })),
    );
  },
  send: async (entries, _events, { pipe, role, engine }) => {
    const { accountId, region, resource } = parseArn(pipe.target);
    const QueueUrl = `${engine.origin}/${accountId}/${resource}`;
    const output = await engine.calls
      .call(
        'sqs',
        'SendMessageBatch',
        { QueueUrl, Entries: entries as SendMessageBatchRequestEntry[] },
        { ...role.as(), region },
      )
      .catch(invocationFailed('sqs'));
    return { ...failuresOf(output.Failed), answer: JSON.stringify(output) };
  },
};
