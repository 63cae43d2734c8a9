import { createHash } from 'node:crypto';
import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError, parseArn } from '@outbox/local-cloud-kernel';
import { isJsonObject, parseJson, type Json } from '@outbox/local-cloud-pattern';
import { invalidParameter, validation } from '../errors';
import { PLACEHOLDER } from '../input-transformer';
import type { Sending, TargetKind } from './target-kind';

/**
 * CloudWatch Logs PutLogEvents, into a stream of the rule's own. The group's name is what its ARN says: one that ends in `:*`
 * names no group, on AWS too.
 */
export const logGroupTarget: TargetKind = {
  check: (target) => {
    if (target.RoleArn !== undefined) throw validation(`RoleArn is not supported for target ${target.Arn ?? ''}.`);
    checkInput(target);
  },
  send: async (sending, { calls }) => {
    const { target, rule, caller } = sending;
    const { region, resource } = parseArn(target.Arn ?? '');
    const logGroupName = resource.replace(/^log-group:/, '');
    const logStreamName = streamOf(rule.arn);
    const as = { caller, region };
    try {
      await calls.call('logs', 'CreateLogStream', { logGroupName, logStreamName }, as);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ResourceAlreadyExistsException') throw error;
    }
    const logEvents = [logEvent(sending)];
    await calls.call('logs', 'PutLogEvents', { logGroupName, logStreamName, logEvents }, as);
  },
};

/**
 * A transformed event has a timestamp and a message, both texts. Source: EventBridge API reference, PutTargets; it publishes no
 * texts for these refusals.
 */
function checkInput({ Id = '', Input, InputPath, InputTransformer }: Target): void {
  if ((Input ?? InputPath) !== undefined) {
    throw validation(`Input and InputPath are not supported for target ${Id}, a log group.`);
  }
  if (InputTransformer === undefined) return;
  const template = InputTransformer.InputTemplate ?? '';
  // Whether it stands inside quotes or outside, a variable's place is taken by something that leaves JSON.
  const isInside = (at: number): boolean => (template.slice(0, at).match(/(?<!\\)"/g) ?? []).length % 2 === 1;
  const filled = parseJson(template.replace(PLACEHOLDER, (_, _name, at: number) => (isInside(at) ? '' : '""')));
  const members = isJsonObject(filled) ? Object.keys(filled).sort().join() : '';
  if (members !== 'message,timestamp') {
    throw invalidParameter('InputTemplate', `A log group takes {"timestamp": <time>, "message": <message>}.`);
  }
}

function logEvent({ target, event, body }: Sending): { timestamp: number; message: string } {
  if (target.InputTransformer === undefined) return { timestamp: event.time, message: body };
  const parsed = parseJson(body);
  const { timestamp, message }: { [key: string]: Json } = isJsonObject(parsed) ? parsed : {};
  const time =
    typeof timestamp === 'string' && /^\d+$/.test(timestamp) ? Number(timestamp) : Date.parse(String(timestamp));
  if (typeof message !== 'string' || Number.isNaN(time)) {
    throw new AwsError('INVALID_JSON', 'The input of a log group is a timestamp and a message, both of them texts.');
  }
  return { timestamp: time, message };
}

/** AWS names the streams itself, by UUIDs; here a rule keeps to one. */
function streamOf(ruleArn: string): string {
  const hex = createHash('md5').update(ruleArn).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
