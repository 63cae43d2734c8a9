import {
  DeleteApiCommand,
  DeleteRouteCommand,
  DeleteStageCommand,
  GetRoutesCommand,
} from '@aws-sdk/client-apigatewayv2';
import { DeleteAlarmsCommand, DeleteDashboardsCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteTableCommand, waitUntilTableNotExists } from '@aws-sdk/client-dynamodb';
import {
  DeleteArchiveCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { DeleteRoleCommand, DeleteRolePolicyCommand, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import {
  DeleteAliasCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { DeletePipeCommand, DescribePipeCommand, NotFoundException } from '@aws-sdk/client-pipes';
import { DeleteScheduleCommand, DeleteScheduleGroupCommand } from '@aws-sdk/client-scheduler';
import { DeleteQueueCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Names } from './names.ts';

/** How long something may take to be gone. */
const goneWithinSeconds = 60;

export async function deleteRoute({ api, apiId: ApiId }: Names, routeKey: string): Promise<void> {
  const { Items = [] } = await api.send(new GetRoutesCommand({ ApiId }));
  const RouteId = Items.find((route) => route.RouteKey === routeKey)?.RouteId;
  await api.send(new DeleteRouteCommand({ ApiId, RouteId }));
}

export const deleteStage = ({ api, apiId: ApiId }: Names) =>
  api.send(new DeleteStageCommand({ ApiId, StageName: '$default' }));

export const deleteApi = ({ api, apiId: ApiId }: Names) => api.send(new DeleteApiCommand({ ApiId }));

export const deleteAlarm = ({ cloudwatch }: Names, name: string) =>
  cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] }));

export const deleteDashboard = ({ cloudwatch }: Names, name: string) =>
  cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: [name] }));

export const deleteLogGroup = ({ logs }: Names, logGroupName: string) =>
  logs.send(new DeleteLogGroupCommand({ logGroupName }));

export async function deleteTable({ dynamodb }: Names, TableName: string): Promise<void> {
  await dynamodb.send(new DeleteTableCommand({ TableName }));
  await waitUntilTableNotExists({ client: dynamodb, maxWaitTime: goneWithinSeconds }, { TableName });
}

export const deleteArchive = ({ events }: Names, ArchiveName: string) =>
  events.send(new DeleteArchiveCommand({ ArchiveName }));

export async function deleteTargets({ events }: Names, EventBusName: string, Rule: string): Promise<void> {
  const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ EventBusName, Rule }));
  const Ids = Targets.map(({ Id = '' }) => Id);
  await events.send(new RemoveTargetsCommand({ EventBusName, Rule, Ids }));
}

export async function deleteRule(names: Names, EventBusName: string, Name: string): Promise<void> {
  await deleteTargets(names, EventBusName, Name);
  await names.events.send(new DeleteRuleCommand({ EventBusName, Name }));
}

/** A bus goes only without rules. */
export async function deleteBus(names: Names, EventBusName: string): Promise<void> {
  const { Rules = [] } = await names.events.send(new ListRulesCommand({ EventBusName }));
  for (const { Name = '', ManagedBy } of Rules) {
    if (ManagedBy === undefined) await deleteRule(names, EventBusName, Name);
  }
  await names.events.send(new DeleteEventBusCommand({ Name: EventBusName }));
}

/** A role goes only without policies. */
export async function deleteRole({ iam }: Names, RoleName: string): Promise<void> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  for (const PolicyName of PolicyNames) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
  await iam.send(new DeleteRoleCommand({ RoleName }));
}

export const deleteRolePolicy = ({ iam }: Names, RoleName: string) =>
  iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'permissions' }));

export const deleteFunction = ({ lambda }: Names, FunctionName: string) =>
  lambda.send(new DeleteFunctionCommand({ FunctionName }));

export const deleteAlias = ({ lambda }: Names, FunctionName: string) =>
  lambda.send(new DeleteAliasCommand({ FunctionName, Name: 'live' }));

export async function deleteMapping({ lambda }: Names, FunctionName: string): Promise<void> {
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: `${FunctionName}:live` }),
  );
  for (const { UUID } of EventSourceMappings) await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
}

export async function deletePipe({ pipes }: Names, Name: string): Promise<void> {
  await pipes.send(new DeletePipeCommand({ Name }));
  const deadline = performance.now() + 1000 * goneWithinSeconds;
  for (;;) {
    try {
      await pipes.send(new DescribePipeCommand({ Name }));
    } catch (error) {
      if (error instanceof NotFoundException) return;
      throw error;
    }
    if (performance.now() > deadline) throw new Error(`The pipe ${Name} is still there`);
    await delay(100);
  }
}

export const deleteSchedule = ({ scheduler }: Names, GroupName: string, Name: string) =>
  scheduler.send(new DeleteScheduleCommand({ GroupName, Name }));

export const deleteScheduleGroup = ({ scheduler }: Names, Name: string) =>
  scheduler.send(new DeleteScheduleGroupCommand({ Name }));

export async function deleteQueue({ sqs }: Names, QueueName: string): Promise<void> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
}
