import { randomUUID } from 'node:crypto';
import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetScheduleCommand, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { eventually } from '@outbox/testing';
import { breakFunction, replaceCode } from '../support/function-code';
import { cloud } from '../support/local-cloud';
import { switchMapping } from '../support/mappings';
import { outboxctl, placeOrder, request } from '../support/orders';
import { startPipe, stopPipe } from '../support/pipe';
import { aws, type Stack } from '../support/stack';
import { takeConcurrency } from './consumers';
import { MINUTE_MS, nothingElse, type Mend, type Scenario } from './scenario';

const ACKNOWLEDGER = 'outbox-acknowledger';

/** What may be wrong from the API to the bus, and with the sweeper. */
export const pipelineScenarios: readonly Scenario[] = [
  {
    trouble: 'the relay throws at everything',
    alarms: ['pipe-failed'],
    shows: /broken on purpose/,
    clearsWithin: 'minutes',
    async cause(stack) {
      const takeBack = await breakFunction(stack.relay_function_name);
      await placeOrder(stack);
      return takeBack;
    },
  },
  {
    trouble: 'an event in the outbox can’t be read',
    alarms: ['failed-items', 'pipe-dlq'],
    shows: /order\/poison-/,
    clearsWithin: 'hours',
    cause: commitPoison,
    // Ten attempts take hours.
    builds: () =>
      eventually(
        async () => {
          await cloud.advance(20 * MINUTE_MS);
          expect(outboxctl(['failed', 'list']).stdout).toContain('order/poison-');
        },
        { timeoutMs: 120_000, intervalMs: 250 },
      ),
  },
  {
    trouble: 'the pipe was stopped',
    alarms: ['publish-lag'],
    shows: /"STOPPED"/,
    clearsWithin: 'minutes',
    async cause(stack) {
      await stopPipe(stack);
      await placeOrder(stack);
      return nothingElse;
    },
  },
  {
    trouble: 'nobody acknowledges',
    alarms: ['oldest-unpublished', `${ACKNOWLEDGER}-stalled`],
    placeholders: { CONSUMER: ACKNOWLEDGER },
    shows: /Disabled/,
    clearsWithin: 'minutes',
    async cause(stack) {
      await switchMapping(stack.acknowledger.function_name, false);
      await placeOrder(stack);
      return nothingElse;
    },
  },
  {
    trouble: 'the sweeper throws',
    alarms: ['sweeper-errors'],
    shows: /broken on purpose/,
    clearsWithin: 'minutes',
    cause: (stack) => breakFunction(stack.sweeper_function_name),
  },
  {
    trouble: 'the schedule’s role may not start the sweeper',
    alarms: ['sweeper-dlq'],
    shows: /AccessDenied|not authorized/,
    clearsWithin: 'minutes',
    cause: (stack) => takeStatement(`${stack.sweeper_function_name}-schedule`, 'permissions', 'StartSweep'),
  },
  {
    trouble: 'the sweeper’s schedule is switched off',
    alarms: ['sweeper-silent'],
    shows: /"DISABLED"/,
    clearsWithin: 'minutes',
    async cause(stack) {
      await switchSchedule(stack, 'DISABLED');
      return () => switchSchedule(stack, 'ENABLED');
    },
  },
  {
    trouble: 'the pipe was stopped for a while',
    alarms: ['relay-lag'],
    shows: /outbox-relay|pipe/,
    clearsWithin: 'minutes',
    async cause(stack) {
      await stopPipe(stack);
      await placeOrder(stack);
      await cloud.advance(2 * MINUTE_MS);
      await startPipe(stack);
      return nothingElse;
    },
  },
  {
    trouble: 'the relay has no concurrency',
    alarms: ['pipe-throttled'],
    shows: /"ReservedConcurrentExecutions": 0/,
    clearsWithin: 'minutes',
    async cause(stack) {
      const giveBack = await takeConcurrency(stack.relay_function_name);
      await placeOrder(stack);
      return giveBack;
    },
  },
  {
    trouble: 'the API’s function throws',
    alarms: ['api-errors'],
    shows: /broken on purpose/,
    clearsWithin: 'minutes',
    async cause(stack) {
      const takeBack = await breakFunction(stack.orders_api_function_name);
      for (let asked = 0; asked < 6; asked += 1) await request(stack, 'GET', '/orders/some-order');
      return takeBack;
    },
  },
  {
    trouble: 'the API’s function is slow',
    alarms: ['api-latency'],
    stepMs: 5 * MINUTE_MS,
    shows: /REPORT RequestId.* Duration: 3[2-9]/,
    clearsWithin: 'minutes',
    meanwhile: (stack) => request(stack, 'POST', '/orders', {}),
    cause: (stack) =>
      replaceCode(
        stack.orders_api_function_name,
        `await new Promise((resolve) => setTimeout(resolve, 3_200)); return { statusCode: 200, body: '{}' };`,
      ),
  },
];

/** Commits an event whose detail is no event; mended by writing what it should have been. */
async function commitPoison(stack: Stack): Promise<Mend> {
  const TableName = stack.outbox_table_name;
  const poison = `poison-${randomUUID()}`;
  // While it is unpublished, an item has all that the sweeper goes by.
  await stopPipe(stack);
  const { orderId } = await placeOrder(stack);
  const sk = { S: 'EVENT#0000000001' };
  const { Item } = await aws.dynamodb.send(
    new GetItemCommand({ TableName, Key: { pk: { S: `order#${orderId}` }, sk } }),
  );
  const eventId = Item?.['id']?.S ?? '';
  const Key = { pk: { S: `order#${poison}` }, sk };
  await aws.dynamodb.send(
    new PutItemCommand({ TableName, Item: { ...Item, ...Key, id: { S: poison }, detail: { S: 'this is no event' } } }),
  );
  await startPipe(stack);
  const detail = (Item?.['detail']?.S ?? '').replaceAll(orderId, poison).replaceAll(eventId, poison);
  return () =>
    aws.dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: 'SET detail = :detail',
        ExpressionAttributeValues: { ':detail': { S: detail } },
      }),
    );
}

/** Takes one statement out of a role's policy. */
async function takeStatement(RoleName: string, PolicyName: string, sid: string): Promise<Mend> {
  const iam = new IAMClient({});
  const policy = { RoleName, PolicyName };
  const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand(policy));
  const before = decodeURIComponent(PolicyDocument);
  const document = JSON.parse(before) as { readonly Statement: readonly { readonly Sid: string }[] };
  const Statement = document.Statement.filter(({ Sid }) => Sid !== sid);
  const put = (text: string): Promise<unknown> =>
    iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: text }));
  await put(JSON.stringify({ ...document, Statement }));
  return () => put(before);
}

async function switchSchedule(stack: Stack, State: 'ENABLED' | 'DISABLED'): Promise<void> {
  const name = { Name: stack.sweeper_function_name, GroupName: stack.sweeper_function_name };
  const schedule = await aws.scheduler.send(new GetScheduleCommand(name));
  const { ScheduleExpression, FlexibleTimeWindow, Target } = schedule;
  await aws.scheduler.send(
    new UpdateScheduleCommand({ ...name, ScheduleExpression, FlexibleTimeWindow, Target, State }),
  );
}
