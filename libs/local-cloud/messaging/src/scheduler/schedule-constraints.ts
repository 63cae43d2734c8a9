import { AwsError, MAX_TAG_KEY, MAX_TAG_VALUE, type TagRules } from '@outbox/local-cloud-kernel';
import { checkText } from '../shared/constraints';
import type { ScheduleRequest } from './schedule-store';

/** Patterns and lengths: EventBridge Scheduler API reference, the parameters of each operation. */
const NAME = { most: 64, pattern: '[0-9a-zA-Z-_.]+' };
const CLIENT_TOKEN = { most: 64, pattern: '[a-zA-Z0-9-_]+' };
const GROUP_ARN = {
  most: 1011,
  pattern: 'arn:aws(-[a-z]+)?:scheduler:[a-z0-9\\-]+:\\d{12}:schedule-group\\/[0-9a-zA-Z-_.]+',
};
const KEY_ARN = {
  most: 2048,
  pattern: 'arn:aws(-[a-z]+)?:kms:[a-z0-9\\-]+:\\d{12}:(key|alias)\\/[0-9a-zA-Z-_]*',
};
const ROLE_ARN = { most: 1600, pattern: 'arn:aws(-[a-z]+)?:iam::\\d{12}:role\\/[\\w+=,.@\\/-]+' };
/** The reference's pattern says more: no source begins with `aws.`. */
const EVENT_SOURCE = { most: 256, pattern: '(?=[/\\.\\-_A-Za-z0-9]+)((?!aws\\.).*)' };

interface Names {
  readonly Name?: string;
  readonly GroupName?: string;
  readonly NamePrefix?: string;
  readonly ClientToken?: string;
}

/** @throws AwsError ValidationException */
export function checkNames({ Name, GroupName, NamePrefix, ClientToken }: Names): void {
  checkText(Name, 'name', NAME);
  checkText(GroupName, 'groupName', NAME);
  checkText(NamePrefix, 'namePrefix', NAME);
  checkText(ClientToken, 'clientToken', CLIENT_TOKEN);
}

/** What the API model says of a schedule's texts. @throws AwsError ValidationException */
export function checkTexts({ Target, ...request }: ScheduleRequest): void {
  checkText(request.Description, 'description', { least: 0, most: 512 });
  checkText(request.ScheduleExpression, 'scheduleExpression', { most: 256 });
  checkText(request.ScheduleExpressionTimezone, 'scheduleExpressionTimezone', { most: 50 });
  checkText(request.KmsKeyArn, 'kmsKeyArn', KEY_ARN);
  checkText(Target?.Arn, 'target.arn', { most: 1600 });
  checkText(Target?.RoleArn, 'target.roleArn', ROLE_ARN);
  checkText(Target?.Input, 'target.input', {});
  checkText(Target?.EventBridgeParameters?.DetailType, 'target.eventBridgeParameters.detailType', { most: 128 });
  checkText(Target?.EventBridgeParameters?.Source, 'target.eventBridgeParameters.source', EVENT_SOURCE);
}

/** Only groups have tags. @throws AwsError ValidationException for any other ARN */
export function checkGroupArn(arn: string | undefined): void {
  checkText(arn, 'resourceArn', GROUP_ARN);
}

/** What Scheduler says of tags that a group can't have. */
export const TAG_RULES: TagRules = {
  checkLengths: (key, value, place) => {
    checkText(key, `tags.${place}.member.key`, { most: MAX_TAG_KEY });
    checkText(value, `tags.${place}.member.value`, { most: MAX_TAG_VALUE });
  },
  tooMany: (most) => new AwsError('ValidationException', `A schedule group has at most ${most} tags.`),
};
