import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateScheduleCommand, CreateScheduleGroupCommand } from '@aws-sdk/client-scheduler';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { arn, type Clients } from '../cloud';
import { createFunction, createQueue, createRole } from '../fixtures';
import { each, five, type PageCase } from './page-case';

/** SQS, EventBridge, Scheduler and Pipes. */
export const messagingPages: readonly PageCase[] = [
  {
    service: 'sqs',
    operation: 'ListQueues',
    make: async (clients) => (await each(five, (name) => createQueue(clients, name)), {}),
    list: 'QueueUrls',
    expected: five,
  },
  {
    service: 'sqs',
    operation: 'ListDeadLetterSourceQueues',
    make: async (clients) => {
      const dead = await createQueue(clients, 'dead');
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 3 });
      await each(five, (name) => createQueue(clients, name, { RedrivePolicy }));
      return { QueueUrl: dead.url };
    },
    list: 'queueUrls',
    expected: five,
  },
  {
    service: 'sns',
    operation: 'ListTopics',
    make: async ({ sns }) => (await each(five, (Name) => sns.send(new CreateTopicCommand({ Name }))), {}),
    list: 'Topics',
    name: 'TopicArn',
    expected: five,
    whole: true,
  },
  {
    service: 'sns',
    operation: 'ListSubscriptions',
    make: async (clients) => (await subscribeFive(clients), {}),
    list: 'Subscriptions',
    name: 'Endpoint',
    expected: five.map((name) => `${name}@example.com`),
    whole: true,
  },
  {
    service: 'sns',
    operation: 'ListSubscriptionsByTopic',
    make: subscribeFive,
    list: 'Subscriptions',
    name: 'Endpoint',
    expected: five.map((name) => `${name}@example.com`),
    whole: true,
  },
  {
    service: 'events',
    operation: 'ListEventBuses',
    make: async ({ events }) => (await each(five, (Name) => events.send(new CreateEventBusCommand({ Name }))), {}),
    list: 'EventBuses',
    name: 'Name',
    expected: ['default', ...five],
    manual: ['NextToken', 'NextToken', 'Limit'],
  },
  {
    service: 'events',
    operation: 'ListRules',
    make: async (clients) => (await each(five, (name) => putRule(clients, name)), {}),
    list: 'Rules',
    name: 'Name',
    expected: five,
    manual: ['NextToken', 'NextToken', 'Limit'],
  },
  {
    service: 'events',
    operation: 'ListTargetsByRule',
    make: async (clients) => {
      await putRule(clients, 'r');
      const queue = await createQueue(clients, 'q');
      const Targets = five.map((Id) => ({ Id, Arn: queue.arn }));
      await clients.events.send(new PutTargetsCommand({ Rule: 'r', Targets }));
      return { Rule: 'r' };
    },
    list: 'Targets',
    name: 'Id',
    expected: five,
    manual: ['NextToken', 'NextToken', 'Limit'],
  },
  {
    service: 'events',
    operation: 'ListRuleNamesByTarget',
    make: async (clients) => {
      const queue = await createQueue(clients, 'q');
      await each(five, async (name) => {
        await putRule(clients, name);
        await clients.events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: 't', Arn: queue.arn }] }));
      });
      return { TargetArn: queue.arn };
    },
    list: 'RuleNames',
    expected: five,
    manual: ['NextToken', 'NextToken', 'Limit'],
  },
  {
    service: 'events',
    operation: 'ListArchives',
    make: async ({ events, account }) => {
      const EventSourceArn = arn(account, 'events', 'event-bus/default');
      await each(five, (ArchiveName) => events.send(new CreateArchiveCommand({ ArchiveName, EventSourceArn })));
      return {};
    },
    list: 'Archives',
    name: 'ArchiveName',
    expected: five,
    manual: ['NextToken', 'NextToken', 'Limit'],
  },
  {
    service: 'scheduler',
    operation: 'ListScheduleGroups',
    make: async ({ scheduler }) => (
      await each(five, (Name) => scheduler.send(new CreateScheduleGroupCommand({ Name }))),
      {}
    ),
    list: 'ScheduleGroups',
    name: 'Name',
    expected: ['default', ...five],
  },
  {
    service: 'scheduler',
    operation: 'ListSchedules',
    make: async (clients) => {
      const RoleArn = await createRole(clients, 'r', 'scheduler.amazonaws.com');
      const Arn = await createFunction(clients, 'f');
      const schedule = {
        ScheduleExpression: 'rate(1 day)',
        FlexibleTimeWindow: { Mode: 'OFF' as const },
        Target: { Arn, RoleArn },
      };
      await each(five, (Name) => clients.scheduler.send(new CreateScheduleCommand({ Name, ...schedule })));
      return {};
    },
    list: 'Schedules',
    name: 'Name',
    expected: five,
  },
  {
    service: 'pipes',
    operation: 'ListPipes',
    make: () => Promise.resolve({}),
    list: 'Pipes',
    name: 'Name',
    expected: [],
  },
];

async function putRule({ events }: Clients, Name: string): Promise<void> {
  await events.send(new PutRuleCommand({ Name, EventPattern: '{"source":["a"]}' }));
}

async function subscribeFive({ sns }: Clients): Promise<object> {
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 't' }));
  await each(five, (name) =>
    sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: `${name}@example.com` })),
  );
  return { TopicArn };
}
