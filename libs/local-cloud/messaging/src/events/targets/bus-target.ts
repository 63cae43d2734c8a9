import { AwsError, parseArn } from '@outbox/local-cloud-kernel';
import { validation } from '../errors';
import type { TargetKind } from './target-kind';

/**
 * Another event bus: it gets the event as it is, and sends it to no further bus (EventBridge guide, "Sending and receiving
 * events between event buses").
 */
export const busTarget: TargetKind = {
  // AWS documents that an event goes to another bus unchanged; it publishes no text for this refusal.
  check: ({ Id = '', Input, InputPath, InputTransformer }) => {
    if ((Input ?? InputPath ?? InputTransformer) === undefined) return;
    throw validation(`Input, InputPath and InputTransformer are not supported for target ${Id}, an event bus.`);
  },
  send: async ({ target, event, caller }, { calls }, forwarding) => {
    const { region } = parseArn(target.Arn ?? '');
    const entry = {
      EventBusName: target.Arn,
      Source: event.source,
      DetailType: event.detailType,
      Detail: event.detail,
      Resources: [...event.resources],
    };
    const as = { caller: forwarding.callerFor(event, caller), region };
    const { Entries: [result] = [] } = await calls.call('events', 'PutEvents', { Entries: [entry] }, as);
    if (result?.ErrorCode === undefined) return;
    const isServerFault = result.ErrorCode === 'InternalFailure';
    throw new AwsError(result.ErrorCode, result.ErrorMessage ?? '', isServerFault ? { status: 500 } : {});
  },
};
