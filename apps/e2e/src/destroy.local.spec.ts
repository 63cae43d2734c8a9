import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListEventBusesCommand } from '@aws-sdk/client-eventbridge';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListPipesCommand } from '@aws-sdk/client-pipes';
import { ListScheduleGroupsCommand } from '@aws-sdk/client-scheduler';
import { ListTopicsCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { DescribeAlarmsCommand, ListDashboardsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { aws } from './support/stack';
import { run } from './support/target';

describe('terraform destroy', () => {
  it('leaves nothing', async () => {
    run('terraform', ['-chdir=terraform', 'destroy', '-auto-approve', '-no-color', '-parallelism=30']);

    const { MetricAlarms = [], CompositeAlarms = [] } = await aws.cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
    );
    expect({
      tables: (await aws.dynamodb.send(new ListTablesCommand({}))).TableNames,
      queues: (await aws.sqs.send(new ListQueuesCommand({}))).QueueUrls ?? [],
      topics: (await aws.sns.send(new ListTopicsCommand({}))).Topics,
      functions: (await aws.lambda.send(new ListFunctionsCommand({}))).Functions,
      pipes: (await aws.pipes.send(new ListPipesCommand({}))).Pipes,
      buses: (await aws.events.send(new ListEventBusesCommand({}))).EventBuses?.map((bus) => bus.Name),
      schedules: (await aws.scheduler.send(new ListScheduleGroupsCommand({}))).ScheduleGroups?.map(
        (group) => group.Name,
      ),
      logGroups: (await aws.logs.send(new DescribeLogGroupsCommand({}))).logGroups,
      alarms: [...MetricAlarms, ...CompositeAlarms],
      dashboards: (await aws.cloudwatch.send(new ListDashboardsCommand({}))).DashboardEntries,
    }).toEqual({
      tables: [],
      queues: [],
      topics: [],
      functions: [],
      pipes: [],
      buses: ['default'],
      schedules: ['default'],
      logGroups: [],
      alarms: [],
      dashboards: [],
    });
  }, 300_000);
});
