import { parseArn } from '@outbox/local-cloud-kernel';
import type { TargetKind } from './target-kind';

/** Lambda Invoke, asynchronous: what the function does with the event is Lambda's to retry (EventBridge guide, "Targets"). */
export const functionTarget: TargetKind = {
  send: ({ target, body, caller }, { calls }) => {
    const FunctionName = target.Arn ?? '';
    const input = { FunctionName, InvocationType: 'Event' as const, Payload: Buffer.from(body) };
    return calls.call('lambda', 'Invoke', input, { caller, region: parseArn(FunctionName).region });
  },
};
