import { parseArn, unsupported } from '@outbox/local-cloud-kernel';
import type { TargetKind } from './target-kind';

/** SQS SendMessage, with the message group the target names. */
export const queueTarget: TargetKind = {
  check: ({ Arn = '', Id = '' }) => {
    if (Arn.endsWith('.fifo')) throw unsupported('events', 'PutTargets', `target ${Id}: FIFO queues as targets`);
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
