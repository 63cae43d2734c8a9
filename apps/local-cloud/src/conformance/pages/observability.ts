import { PutDashboardCommand, PutMetricAlarmCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { type Clients } from '../cloud';
import { each, five, type PageCase } from './page-case';

const alarm = {
  Namespace: 'n',
  MetricName: 'm',
  Statistic: 'Sum' as const,
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanThreshold' as const,
};

/** Logs and CloudWatch. */
export const observabilityPages: readonly PageCase[] = [
  {
    service: 'logs',
    operation: 'DescribeLogGroups',
    make: async ({ logs }) => (
      await each(five, (logGroupName) => logs.send(new CreateLogGroupCommand({ logGroupName }))),
      {}
    ),
    list: 'logGroups',
    name: 'logGroupName',
    expected: five,
  },
  {
    service: 'logs',
    operation: 'DescribeLogStreams',
    make: async ({ logs }) => {
      await logs.send(new CreateLogGroupCommand({ logGroupName: 'g' }));
      await each(five, (logStreamName) => logs.send(new CreateLogStreamCommand({ logGroupName: 'g', logStreamName })));
      return { logGroupName: 'g' };
    },
    list: 'logStreams',
    name: 'logStreamName',
    expected: five,
  },
  {
    service: 'logs',
    operation: 'DescribeMetricFilters',
    make: async ({ logs }) => {
      const logGroupName = 'g';
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
      const metricTransformations = [{ metricName: 'm', metricNamespace: 'n', metricValue: '1' }];
      const filter = { logGroupName, filterPattern: '', metricTransformations };
      await each(five, (filterName) => logs.send(new PutMetricFilterCommand({ ...filter, filterName })));
      return { logGroupName };
    },
    list: 'metricFilters',
    name: 'filterName',
    expected: five,
  },
  {
    service: 'logs',
    operation: 'FilterLogEvents',
    make: async (clients) => (await putLogs(clients), { logGroupName: 'g' }),
    list: 'events',
    name: 'message',
    expected: five,
  },
  {
    service: 'logs',
    operation: 'GetLogEvents',
    make: async (clients) => (await putLogs(clients), { logGroupName: 'g', logStreamName: 's', startFromHead: true }),
    list: 'events',
    name: 'message',
    expected: five,
  },
  {
    service: 'cloudwatch',
    operation: 'DescribeAlarms',
    make: async ({ cloudwatch }) => {
      await each(five, (AlarmName) => cloudwatch.send(new PutMetricAlarmCommand({ AlarmName, ...alarm })));
      return {};
    },
    list: 'MetricAlarms',
    name: 'AlarmName',
    expected: five,
  },
  {
    service: 'cloudwatch',
    operation: 'ListDashboards',
    make: async ({ cloudwatch }) => {
      const DashboardBody = JSON.stringify({ widgets: [] });
      await each(five, (DashboardName) => cloudwatch.send(new PutDashboardCommand({ DashboardName, DashboardBody })));
      return {};
    },
    list: 'DashboardEntries',
    name: 'DashboardName',
    whole: true,
    expected: five,
  },
  {
    service: 'cloudwatch',
    operation: 'DescribeAlarmHistory',
    make: async ({ cloudwatch }) => (
      await each(five, (AlarmName) => cloudwatch.send(new PutMetricAlarmCommand({ AlarmName, ...alarm }))),
      { HistoryItemType: 'ConfigurationUpdate' }
    ),
    list: 'AlarmHistoryItems',
    name: 'AlarmName',
    expected: five,
  },
  {
    service: 'cloudwatch',
    operation: 'ListMetrics',
    make: async ({ cloudwatch }) => {
      const MetricData = five.map((MetricName) => ({ MetricName, Value: 1 }));
      await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'app', MetricData }));
      return { Namespace: 'app' };
    },
    list: 'Metrics',
    name: 'MetricName',
    whole: true,
    expected: five,
  },
];

async function putLogs({ logs }: Clients): Promise<void> {
  await logs.send(new CreateLogGroupCommand({ logGroupName: 'g' }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: 'g', logStreamName: 's' }));
  const logEvents = five.map((message, index) => ({ message, timestamp: Date.now() - 1_000 + index }));
  await logs.send(new PutLogEventsCommand({ logGroupName: 'g', logStreamName: 's', logEvents }));
}
