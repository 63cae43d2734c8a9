import { randomUUID } from 'node:crypto';
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { DescribePipeCommand } from '@aws-sdk/client-pipes';
import { GetScheduleCommand, ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { eventually } from '@outbox/testing';
import { eventuallyComplete } from './support/eventually-complete';
import { cloud } from './support/local-cloud';
import { expectComplete, newOrder, pendingConsumers, placeOrder, request } from './support/orders';
import { whilePipeStopped } from './support/pipe';
import { covers, granted, roles, without } from './support/permissions';
import { aws, consumerOf, readStack } from './support/stack';

const stack = readStack();
const { pipe_name: Name } = stack;
const MINUTE = 60_000;
const patience = { timeoutMs: 40_000, intervalMs: 250 };

/**
 * Every permission a role has is used, and what is taken away breaks the run. The local cloud asks for what AWS
 * documents, at creation and at use: docs/reference/permissions.md.
 */
describe('least privilege', () => {
  describe('without', () => {
    it('orders-api’s dynamodb:PutItem no order is accepted', async () => {
      const role = await roleOfService('orders-api');
      await without(role, 'dynamodb:PutItem', async () => {
        const order = newOrder();
        expect((await request(stack, 'POST', '/orders', order, idempotent())).status).toBe(500);
        const listed = await request(stack, 'GET', `/customers/${String(order['customerId'])}/orders`);
        expect(listed.body['orders']).toEqual([]);
      });
      const { orderId } = await placeOrder(stack);
      expect((await request(stack, 'GET', `/orders/${orderId}`)).status).toBe(200);
    });

    it('a consumer’s dynamodb:PutItem its effect waits, and comes once it is back', async () => {
      const { function_name: name, queue_url: QueueUrl } = consumerOf(stack, 'fulfilment');
      let orderId = '';
      await without(await roleOfService('fulfilment'), 'dynamodb:PutItem', async () => {
        const since = await cloud.now();
        ({ orderId } = await placeOrder(stack));
        // Its statement goes as a whole, and it reads before it writes.
        await eventually(() => expectLogged(`/aws/lambda/${name}`, since, 'dynamodb:GetItem'), patience);
        await eventually(() => expect(pendingConsumers(orderId)).toEqual(['fulfilment']), patience);
      });
      await cloud.advance(await visibilityMs(QueueUrl));
      expectComplete(orderId);
    });

    it('a consumer’s kms:Decrypt its queue and table are closed to it, until it is back', async () => {
      const { queue_url: QueueUrl } = consumerOf(stack, 'fulfilment');
      let orderId = '';
      await without(await roleOfService('fulfilment'), 'kms:Decrypt', async () => {
        ({ orderId } = await placeOrder(stack));
        await eventually(() => expect(pendingConsumers(orderId)).toEqual(['fulfilment']), patience);
      });
      await cloud.advance(await visibilityMs(QueueUrl));
      expectComplete(orderId);
    });

    it('the pipe’s events:PutEvents an event waits, until the sweeper publishes it', async () => {
      let orderId = '';
      await without(await roleOfPipe(), 'events:PutEvents', async () => {
        const since = await cloud.now();
        ({ orderId } = await placeOrder(stack));
        await eventually(() => expectLogged(`/aws/vendedlogs/pipes/${Name}`, since, 'events:PutEvents'), patience);
        expect(pendingConsumers(orderId).sort()).toEqual(consumersOf('OrderCreated'));
        // The sweeper has a permission of its own. Meanwhile the pipe gives up, and tells its dead-letter queue.
        await eventuallyComplete(orderId);
        await eventually(async () => {
          await cloud.advance(MINUTE);
          await expectUsed(await roleOfPipe(), 'sqs:SendMessage');
        }, patience);
      });
      expectComplete((await placeOrder(stack)).orderId);
    });

    it('the schedule’s lambda:InvokeFunction its runs end in its dead-letter queue', async () => {
      const target = await targetOfSchedule();
      await without(nameOf(target.RoleArn), 'lambda:InvokeFunction', async () => {
        await eventually(async () => {
          await cloud.advance(MINUTE);
          await expectDead(target.DeadLetterConfig?.Arn, 'lambda:InvokeFunction');
        }, patience);
      });
    });
  });

  describe('every permission', () => {
    // What the rest of the suite leaves unused when this file runs alone, and what only happens when things go wrong.
    beforeAll(async () => {
      const order = newOrder();
      const { orderId } = await placeOrder(stack, order);
      await request(stack, 'PATCH', `/orders/${orderId}`, { status: 'CONFIRMED' }, { 'if-match': '"1"' });
      await request(stack, 'GET', `/customers/${String(order['customerId'])}/orders`);
      expectComplete(orderId);
      await Promise.all([poisonEveryQueue(), comeFromTheFuture(), skipAVersion(orderId), sweepAnOrder()]);
    }, 120_000);

    it('a role has is used', async () => {
      const all = await roles();
      const grants = (await Promise.all(all.map(({ name }) => granted(name)))).flat();
      expect(all.length).toBeGreaterThan(Object.keys(stack.consumers).length);
      expect(grants.length).toBeGreaterThan(all.length);

      await eventually(async () => {
        const { roles: used } = await cloud.usage();
        const usedBy = new Map(all.map(({ name, arn }) => [name, used[arn] ?? []]));
        const unused = grants.filter(
          ({ role, action, resource }) =>
            // For consumers that have to ask where an aggregate is before they emit, which those of the example know, and
            // for those in order that have waited an hour for an event.
            !(action === 'dynamodb:GetItem' && resource.endsWith(`/${stack.outbox_table_name}`) && isConsumer(role)) &&
            // For a backlog of thousands.
            !(action === 'lambda:InvokeFunction' && role.endsWith('-outbox-sweeper')) &&
            !usedBy.get(role)?.some((use) => use.action === action && covers(resource, use.resource)),
        );
        expect(unused).toEqual([]);
      }, patience);
    });

    it('an operation asked for is in the table of permissions', async () => {
      expect((await cloud.usage()).undocumented).toEqual([]);
    });
  });
});

const idempotent = () => ({ 'idempotency-key': randomUUID() });

/** The role of the function whose code calls itself so. */
async function roleOfService(name: string): Promise<string> {
  const { Functions = [] } = await aws.lambda.send(new ListFunctionsCommand({}));
  const named = Functions.find((one) => one.Environment?.Variables?.['POWERTOOLS_SERVICE_NAME'] === name);
  return nameOf(named?.Role);
}

async function roleOfPipe(): Promise<string> {
  return nameOf((await aws.pipes.send(new DescribePipeCommand({ Name }))).RoleArn);
}

async function targetOfSchedule() {
  const { Schedules: [schedule] = [] } = await aws.scheduler.send(new ListSchedulesCommand({}));
  const { Target } = await aws.scheduler.send(
    new GetScheduleCommand({ Name: schedule?.Name, GroupName: schedule?.GroupName }),
  );
  if (Target === undefined) throw new Error('the stack has no schedule');
  return Target;
}

function nameOf(roleArn: string | undefined): string {
  const name = roleArn?.split('/').at(-1);
  if (name === undefined) throw new Error('the stack lacks a role this suite takes permissions from');
  return name;
}

async function visibilityMs(QueueUrl: string): Promise<number> {
  const { Attributes } = await aws.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }),
  );
  return Number(Attributes?.['VisibilityTimeout']) * 1000;
}

async function expectLogged(logGroupName: string, startTime: number, text: string): Promise<void> {
  const { events = [] } = await aws.logs.send(new FilterLogEventsCommand({ logGroupName, startTime }));
  expect(events.filter(({ message }) => message?.includes('not authorized') && message.includes(text))).not.toEqual([]);
}

/** A message that tells the denial is in the queue; it is taken. */
async function expectDead(queueArn: string | undefined, action: string): Promise<void> {
  const { QueueUrl } = await aws.sqs.send(new GetQueueUrlCommand({ QueueName: queueArn?.split(':').at(-1) }));
  const { Messages = [] } = await aws.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
  );
  const reasons = Messages.map(({ MessageAttributes }) => MessageAttributes?.['ERROR_MESSAGE']?.StringValue ?? '');
  expect(reasons.filter((reason) => reason.includes('not authorized') && reason.includes(action))).not.toEqual([]);
}

async function expectUsed(role: string, action: string): Promise<void> {
  const { roles: used } = await cloud.usage();
  const uses = Object.entries(used).filter(([arn]) => arn.endsWith(`/${role}`));
  expect(uses.flatMap(([, all]) => all.map((use) => use.action))).toContain(action);
}

/** A message that can't be read goes to the dead-letter queue by the function's own hand. */
async function poisonEveryQueue(): Promise<void> {
  const { EventSourceMappings = [] } = await aws.lambda.send(new ListEventSourceMappingsCommand({}));
  expect(EventSourceMappings.length).toBeGreaterThan(Object.keys(stack.consumers).length);
  for (const { EventSourceArn = '' } of EventSourceMappings) {
    const QueueName = EventSourceArn.split(':').at(-1) ?? '';
    const { QueueUrl } = await aws.sqs.send(new GetQueueUrlCommand({ QueueName }));
    await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'not json' }));
  }
}

/** An event of a version that nobody knows yet is tried again later, and what is known of the attempt is written down. */
async function comeFromTheFuture(): Promise<void> {
  for (const { queue_url: QueueUrl, on } of Object.values(stack.consumers)) {
    const [[aggregatetype = '', types = []] = []] = Object.entries(on);
    const [type = 'OrderCreated'] = types;
    const subject = randomUUID();
    const detail = {
      specversion: '1.0',
      id: randomUUID(),
      source: 'orders',
      type,
      aggregatetype,
      subject,
      time: new Date(await cloud.now()).toISOString(),
      datacontenttype: 'application/json',
      dataschema: `urn:outbox:event:${type}:v99`,
      sequence: '1',
      partitionkey: `${aggregatetype}#${subject}`,
      data: {},
    };
    await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(await onTheBus(detail)) }));
  }
}

/** EventBridge's envelope around an event. */
async function onTheBus(detail: { readonly type: string }): Promise<object> {
  const time = new Date(await cloud.now()).toISOString();
  return { version: '0', id: randomUUID(), 'detail-type': detail.type, source: 'orders', time, detail };
}

function isConsumer(role: string): boolean {
  return Object.values(stack.consumers).some(({ function_name }) => function_name === role);
}

/** The consumers that listen to an event type of an order, in order. */
function consumersOf(type: string): string[] {
  return Object.entries(stack.consumers)
    .filter(([, { on }]) => on['order'] && (on['order'].length === 0 || on['order'].includes(type)))
    .map(([name]) => name)
    .sort();
}

/** An event two versions ahead is parked by every consumer in order. */
async function skipAVersion(orderId: string): Promise<void> {
  const { Items = [] } = await aws.dynamodb.send(
    new QueryCommand({
      TableName: stack.outbox_table_name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :event)',
      ExpressionAttributeValues: { ':pk': { S: `order#${orderId}` }, ':event': { S: 'EVENT#' } },
      ScanIndexForward: false,
    }),
  );
  const detail = JSON.parse(Items[0]?.['detail']?.S ?? '') as { sequence: string; type: string };
  const ahead = { ...detail, id: randomUUID(), sequence: String(Number(detail.sequence) + 2) };
  const envelope = await onTheBus(ahead);
  const inOrder = Object.values(stack.consumers).filter(({ policy }) => policy === 'in-order');
  expect(inOrder).not.toEqual([]);
  for (const { queue_url: QueueUrl } of inOrder) {
    await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(envelope) }));
  }
}

/** With the pipe stopped, the sweeper publishes; and an order can be confirmed before its shipment is booked. */
async function sweepAnOrder(): Promise<void> {
  await whilePipeStopped(stack, async () => {
    const { orderId } = await placeOrder(stack);
    await request(stack, 'PATCH', `/orders/${orderId}`, { status: 'CONFIRMED' }, { 'if-match': '"1"' });
    await eventuallyComplete(orderId);
  });
}
