import { parseArn, unsupported } from '@outbox/local-cloud-kernel';
import type { TargetKind } from './target-kind';

/** SNS Publish: the event is the message. */
export const topicTarget: TargetKind = {
  check: ({ Arn = '', Id = '' }) => {
    if (Arn.endsWith('.fifo')) throw unsupported('events', 'PutTargets', `target ${Id}: FIFO topics`);
  },
  send: ({ target, body, caller }, { calls }) => {
    const TopicArn = target.Arn ?? '';
    return calls.call('sns', 'Publish', { TopicArn, Message: body }, { caller, region: parseArn(TopicArn).region });
  },
};
