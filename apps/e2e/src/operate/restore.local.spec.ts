import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { eventually } from '@outbox/testing';
import { cloud } from '../support/local-cloud';
import { changeOrder, expectComplete, outboxctl, placeConfirmedOrder, trace, waitForStatus } from '../support/orders';
import { aws, readStack } from '../support/stack';

const stack = readStack();

/**
 * The local cloud has no point-in-time restore. What one comes to is made by hand: an order's items in the state's and the
 * outbox's table as they were a moment before, while its consumers remember what came after.
 */
describe('an order restored to the moment before its last change', () => {
  it('gives out no number twice after `restore heads`: the next change is done by every consumer', async () => {
    const since = new Date((await cloud.now()) - 1).toISOString();
    const { orderId } = await placeConfirmedOrder(stack);
    expectComplete(orderId);
    const before = await itemsOf(orderId);
    expect((await changeOrder(stack, orderId, { status: 'SHIPPED' }, '"2"')).status).toBe(200);
    expectComplete(orderId);

    await restore(orderId, before);
    await waitForStatus(stack, orderId, 'CONFIRMED');
    expect((await reconcile(since, [1])).at(0)).toMatchObject({ kind: 'orphaned', id: orderId, sequence: 3 });

    const [moved] = lines(outboxctl(['--json', 'restore', 'heads', '--reason', 'restored by a spec']).stdout);
    expect(moved).toMatchObject({ aggregate: 'order', id: orderId, from: 2, to: 3, gone: [3], result: 'moved' });
    expect(outboxctl(['restore', 'heads', '--reason', 'again']).stdout).toMatch(/^0 moved of \d+ aggregates$/m);
    expect(outboxctl(['restore', 'consumers', '--reason', 'again']).stdout).toMatch(/^0 moved of/m);
    await reconcile(since, [0]);
    await agree(orderId, { from: 2, to: 3 });

    expect((await changeOrder(stack, orderId, { status: 'CANCELLED' }, '"2"')).status).toBe(412);
    expect((await changeOrder(stack, orderId, { status: 'CANCELLED' }, '"3"')).status).toBe(200);
    const { complete, events } = trace(orderId);
    expect({ complete, last: events.at(-1)?.sequence }).toEqual({ complete: true, last: 4 });
    await eventually(() => reconcile(since, [0]), { timeoutMs: 60_000, intervalMs: 1_000 });
  });
});

interface Items {
  readonly order: Record<string, unknown>;
  readonly outbox: readonly Record<string, unknown>[];
}

async function itemsOf(orderId: string): Promise<Items> {
  const { Item: order = {} } = await aws.dynamodb.send(
    new GetItemCommand({ TableName: stack.orders_table_name, Key: { orderId: { S: orderId } }, ConsistentRead: true }),
  );
  const { Items: outbox = [] } = await aws.dynamodb.send(
    new QueryCommand({
      TableName: stack.outbox_table_name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `order#${orderId}` } },
      ConsistentRead: true,
    }),
  );
  return { order, outbox };
}

/** Puts back what there was, and takes away what has come since. */
async function restore(orderId: string, { order, outbox }: Items): Promise<void> {
  const put = (TableName: string, Item: object) =>
    aws.dynamodb.send(new PutItemCommand({ TableName, Item: { ...Item } }));
  await put(stack.orders_table_name, order);
  for (const { pk, sk } of (await itemsOf(orderId)).outbox) {
    const isKept = outbox.some((item) => JSON.stringify(item['sk']) === JSON.stringify(sk));
    const Key = { pk, sk } as Record<string, { S: string }>;
    if (!isKept) await aws.dynamodb.send(new DeleteItemCommand({ TableName: stack.outbox_table_name, Key }));
  }
  for (const item of outbox) await put(stack.outbox_table_name, item);
}

/** The restored order is right as it is: its row takes over where the head stands, as the runbook has it. */
async function agree(orderId: string, { from, to }: { readonly from: number; readonly to: number }): Promise<void> {
  await aws.dynamodb.send(
    new UpdateItemCommand({
      TableName: stack.orders_table_name,
      Key: { orderId: { S: orderId } },
      UpdateExpression: 'SET version = :to',
      ConditionExpression: 'version = :from',
      ExpressionAttributeValues: { ':from': { N: String(from) }, ':to': { N: String(to) } },
    }),
  );
}

/** What reconcile finds, and last its report; its exit code must be one of `expected`. */
async function reconcile(since: string, expected: readonly number[]): Promise<readonly object[]> {
  const time = new Date(await cloud.now()).toISOString();
  const options = ['--json', 'reconcile', '--grace', '0', '--since', since, '--now', time];
  return lines(outboxctl(options, expected).stdout);
}

function lines(text: string): readonly object[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
}
