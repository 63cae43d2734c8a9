import { parseArn } from '@outbox/local-cloud-kernel';
import { validation } from '../errors';
import type { TargetKind } from './target-kind';

/** SQS SendMessage, with the message group the target names. */
export const queueTarget: TargetKind = {
  // The text is the one moto's suite, which is run against AWS, expects.
  check: ({ Arn = '', Id = '', SqsParameters }) => {
    if (!Arn.endsWith('.fifo') || SqsParameters?.MessageGroupId) return;
    throw validation(`Parameter(s) SqsParameters must be specified for target: ${Id}.`);
  },
  send: ({ target, body, caller }, { calls, origin }) => {
    const { accountId, region, resource } = parseArn(target.Arn ?? '');
    const MessageGroupId = target.SqsParameters?.MessageGroupId;
    const input = {
      QueueUrl: `${origin}/${accountId}/${resource}`,
      MessageBody: body,
      ...(MessageGroupId === undefined ? {} : { MessageGroupId }),
    };
    return calls.call('sqs', 'SendMessage', input, { caller, region });
  },
};
