import type { Target } from '@aws-sdk/client-eventbridge';
import { parseArn, unsupported } from '@outbox/local-cloud-kernel';
import { parseJson } from '@outbox/local-cloud-pattern';
import { parsePath } from '../shared/json-path';
import { checkCount, checkNumber, checkText } from '../shared/constraints';
import { invalidParameter, validation } from './errors';
import { placeholders, PREDEFINED } from './input-transformer';
import { targetKind, type TargetKind } from './targets/target-kind';
import { MAX_GROUP_ID, MAX_INPUT } from './limits';

/** Members of a target that belong to kinds that aren't run. */
const OTHER_KINDS = [
  'KinesisParameters',
  'RunCommandParameters',
  'EcsParameters',
  'BatchParameters',
  'HttpParameters',
  'RedshiftDataParameters',
  'SageMakerPipelineParameters',
  'AppSyncParameters',
] as const;

/** `position` counts from 1. @throws AwsError ValidationException in AWS's wording, or unsupported for what no event is sent to here */
export function checkTarget(target: Target, position: number): void {
  const id = target.Id ?? '';
  const member = `targets.${position}.member`;
  checkText(id, `${member}.id`, { most: 64, pattern: '[\\.\\-_A-Za-z0-9]+' });
  checkText(target.Input, `${member}.input`, { least: 0, most: MAX_INPUT });
  checkText(target.InputPath, `${member}.inputPath`, { least: 0, most: 256 });
  const group = target.SqsParameters?.MessageGroupId;
  checkText(group, `${member}.sqsParameters.messageGroupId`, { least: 0, most: MAX_GROUP_ID });
  checkRetry(target, `${member}.retryPolicy`);
  const kind = checkArn(target.Arn ?? '', id);
  for (const other of OTHER_KINDS) {
    if (target[other] !== undefined) throw unsupported('events', 'PutTargets', `${other} of a target`);
  }
  const inputs = [target.Input, target.InputPath, target.InputTransformer].filter((input) => input !== undefined);
  if (inputs.length > 1) {
    throw validation(`Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`);
  }
  if (target.Input !== undefined && parseJson(target.Input) === undefined) {
    throw validation(`JSON syntax error in input for target ${id} : ${target.Input}`);
  }
  if (target.InputPath !== undefined && !parsePath(target.InputPath)) {
    throw invalidParameter('InputPath', `Invalid JSON path: ${target.InputPath}`);
  }
  if (target.InputTransformer) checkTransformer(target.InputTransformer, id, `${member}.inputTransformer`);
  if (target.DeadLetterConfig?.Arn !== undefined) checkDeadLetterArn(target.DeadLetterConfig.Arn);
  kind.check?.(target);
}

function checkArn(arn: string, id: string): TargetKind {
  if (!/^arn:[\w-]+:[\w-]+:[\w-]*:\d*:.+$/.test(arn))
    throw validation(`Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`);
  const kind = targetKind(arn);
  if (!kind) throw unsupported('events', 'PutTargets', `target ${id}: targets of ${parseArn(arn).service}`);
  return kind;
}

/** AWS itself takes standard queues only (EventBridge guide, "Using dead-letter queues"). */
function checkDeadLetterArn(arn: string): void {
  if (/^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]+$/.test(arn)) return;
  throw invalidParameter('DeadLetterConfig.Arn', `${arn} is no standard SQS queue.`);
}

function checkTransformer(transformer: NonNullable<Target['InputTransformer']>, id: string, member: string): void {
  const paths = Object.entries(transformer.InputPathsMap ?? {});
  const template = transformer.InputTemplate ?? '';
  checkCount(paths, `${member}.inputPathsMap`, 0, 100);
  checkText(template, `${member}.inputTemplate`, { most: 8192 });
  for (const [name, path] of paths) {
    checkText(name, `${member}.inputPathsMap`, { most: 256, pattern: '[A-Za-z0-9\\_\\-]+' });
    checkText(path, `${member}.inputPathsMap.${name}.member`, { least: 0, most: 256 });
    if (/^aws/i.test(name))
      throw validation(`Invalid InputPathsMap key ${name} for target ${id}: it must not start with "AWS".`);
  }
  const known = new Set([...paths.map(([name]) => name), ...PREDEFINED]);
  for (const name of placeholders(template)) {
    if (!known.has(name)) throw validation(`InputTemplate for target ${id} contains invalid placeholder ${name}.`);
  }
}

/** Limits: EventBridge API reference, RetryPolicy. */
function checkRetry({ RetryPolicy }: Target, member: string): void {
  checkNumber(RetryPolicy?.MaximumRetryAttempts, `${member}.maximumRetryAttempts`, 0, 185);
  checkNumber(RetryPolicy?.MaximumEventAgeInSeconds, `${member}.maximumEventAgeInSeconds`, 60, 86_400);
}
