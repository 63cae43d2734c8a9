import {
  DescribeArchiveCommand,
  DescribeRuleCommand,
  ListRuleNamesByTargetCommand,
  ResourceNotFoundException,
  type EventBridgeClient,
} from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { NotFoundError } from '@outbox/cli-kit';
import { queueArn } from '../queue';
import type { ConsumerOutput, Stack } from '../stack';

export interface ReplayClients {
  readonly eventbridge: EventBridgeClient;
  readonly sqs: SQSClient;
}

/** The stack's archive and the bus that its events came from, which is the only one they can be replayed to. */
export interface Archive {
  readonly arn: string;
  readonly busArn: string;
  /** Epoch milliseconds; what came to the bus before then it never got. */
  readonly createdAt: number;
  /** For ever, if 0. */
  readonly retentionDays: number;
}

/** @throws NotFoundError when the stack has no archive, or EventBridge knows no such one */
export async function archiveOf(eventbridge: EventBridgeClient, { archive_name }: Stack): Promise<Archive> {
  if (typeof archive_name !== 'string') {
    throw new NotFoundError(
      'the stack has no archive to replay from (archive = false); outboxctl reconcile --repair publishes again what the outbox still holds',
    );
  }
  const archive = await ifFound(eventbridge.send(new DescribeArchiveCommand({ ArchiveName: archive_name })));
  if (archive?.ArchiveArn === undefined || archive.EventSourceArn === undefined) {
    throw new NotFoundError(`no archive ${archive_name}`);
  }
  return {
    arn: archive.ArchiveArn,
    busArn: archive.EventSourceArn,
    createdAt: archive.CreationTime?.getTime() ?? 0,
    retentionDays: archive.RetentionDays ?? 0,
  };
}

/** What EventBridge answers, or undefined when it knows no such thing. */
export async function ifFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/**
 * The ARNs of the rules that fill a consumer's queue.
 * @throws NotFoundError when there is none: a replay to no rule would go to every rule
 */
export async function ruleArnsOf(
  { eventbridge, sqs }: ReplayClients,
  EventBusName: string,
  consumer: string,
  { queue_url }: ConsumerOutput,
): Promise<string[]> {
  const { RuleNames = [] } = await eventbridge.send(
    new ListRuleNamesByTargetCommand({ TargetArn: await queueArn(sqs, queue_url), EventBusName }),
  );
  const arns = await Promise.all(
    RuleNames.map(async (Name) => (await eventbridge.send(new DescribeRuleCommand({ Name, EventBusName }))).Arn),
  );
  const known = arns.filter((arn) => arn !== undefined);
  if (known.length === 0) throw new NotFoundError(`no rule of bus ${EventBusName} fills the queue of ${consumer}`);
  return known;
}
