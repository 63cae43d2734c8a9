import type { PublishBatchRequestEntry } from '@aws-sdk/client-sns';
import { parseArn } from '@outbox/local-cloud-kernel';
import { failuresOf, invocationFailed, type PipeTarget } from './pipe-target';
import { bodyOf, transformed } from './target-event';

/** SNS PublishBatch. It has no parameters of its own but the input template. */
export const topicTarget: PipeTarget = {
  service: 'sns',
  parameters: 'InputTemplate',
  maxBatch: 10,
  arn: /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+$/,
  prepare: (pipe, events, variables) =>
    transformed(() =>
      events.map((event, index): PublishBatchRequestEntry => ({
        Id: String(index),
        Message: bodyOf(pipe, event, variables),
      })),
    ),
  send: async (entries, _events, { pipe, role, engine }) => {
    const input = { TopicArn: pipe.target, PublishBatchRequestEntries: entries as PublishBatchRequestEntry[] };
    const { region } = parseArn(pipe.target);
    const output = await engine.calls
      .call('sns', 'PublishBatch', input, { ...role.as(), region })
      .catch(invocationFailed('sns'));
    return { ...failuresOf(output.Failed), answer: JSON.stringify(output) };
  },
};
