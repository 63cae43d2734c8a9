import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { eventually, gatewayEvent } from '@outbox/testing';
import { placesOf } from './support/find-text';
import { expectComplete, newOrder, outboxctl, trace } from './support/orders';
import { aws, consumerOf, readStack } from './support/stack';
import { root } from './support/target';

const stack = readStack();
const PATIENCE = { timeoutMs: 60_000, intervalMs: 1_000 };

/** A place that docs/personal-data.md names, and what takes a person's data away from there. */
interface Place {
  readonly name: string;
  readonly holds: string;
  readonly goes: string;
}

describe('the data of a person', () => {
  /** In the customer's id and an article's name. */
  const person = `person-${randomUUID()}`;
  let orderId: string;
  let owner: string;
  let placedAt: string;

  beforeAll(async () => {
    ({ orderId, placedAt } = await placeOrderOf(person));
    const { Item: head } = await aws.dynamodb.send(
      new GetItemCommand({
        TableName: stack.outbox_table_name,
        Key: { pk: { S: `order#${orderId}` }, sk: { S: 'HEAD' } },
      }),
    );
    owner = head?.['owner']?.S ?? '';
    expect(owner).toMatch(/^[0-9a-f]{64}$/);
    await eventually(() => {
      expect([trace(orderId).complete, trace(orderId, 30, 'shipment').complete]).toEqual([true, true]);
      expect(trace(orderId).events).toHaveLength(2);
    }, PATIENCE);
    await deadLetter();
  }, 180_000);

  it('lies where docs/personal-data.md says, and nowhere else', async () => {
    await eventually(async () => {
      expect(await found()).toEqual(
        inventory()
          .map(({ name, holds }) => `${name}: ${holds}`)
          .sort(),
      );
    }, PATIENCE);
  });

  it('is gone from all that can be erased once that was done, and nothing is lost by it', async () => {
    expect(outboxctl(['erase', `order/${orderId}`, '--dry-run']).stdout).toContain('1 dead letter of notifications');
    expect(outboxctl(['erase', `order/${orderId}`, '--yes'], [1]).stdout).toContain('outboxctl dlq drop notifications');
    const drop = ['dlq', 'drop', 'notifications', '--aggregate', `order/${orderId}`, '--reason-text', 'erased'];
    expect(outboxctl(drop).stdout).toMatch(/^1 dropped from notifications/m);
    outboxctl(['erase', `shipment/${orderId}`, '--yes']);

    const stays = inventory().filter(({ goes }) => !/outboxctl/.test(goes));
    expect(stays.length).toBeGreaterThan(0);
    await eventually(async () => {
      expect(await found()).toEqual(stays.map(({ name, holds }) => `${name}: ${holds}`).sort());
    }, PATIENCE);
    expect(outboxctl(['erase', `order/${orderId}`, '--yes']).stdout).toContain('0 events, 2 erased before');
    expect(outboxctl(['trace', `order/${orderId}`]).stdout).toContain('its content, at');
    expectComplete(orderId);
    const reconciled = outboxctl(['--json', 'reconcile', '--since', placedAt], [0, 1]).stdout;
    expect(reconciled).not.toContain(orderId);
  }, 180_000);

  /** Where the person and the owner are found now: `place: what it holds`. */
  async function found(): Promise<readonly string[]> {
    const [persons, owners] = await Promise.all([placesOf(stack, person), placesOf(stack, owner)]);
    return [...new Set([...persons, ...owners])]
      .map((place) => {
        const holds = [...(persons.includes(place) ? ['content'] : []), ...(owners.includes(place) ? ['owner'] : [])];
        return `${place}: ${holds.join(', ')}`;
      })
      .sort();
  }

  /** Has `notifications` set aside another event of the order's first number, with all of its content. */
  async function deadLetter(): Promise<void> {
    const { Item } = await aws.dynamodb.send(
      new GetItemCommand({
        TableName: stack.outbox_table_name,
        Key: { pk: { S: `order#${orderId}` }, sk: { S: 'EVENT#0000000001' } },
      }),
    );
    const event = JSON.parse(Item?.['detail']?.S ?? '') as Readonly<Record<string, unknown>>;
    const { queue_url: QueueUrl } = consumerOf(stack, 'notifications');
    const MessageBody = JSON.stringify({
      id: randomUUID(),
      source: event['source'],
      'detail-type': event['type'],
      time: placedAt,
      detail: { ...event, id: randomUUID() },
    });
    await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    await eventually(async () => {
      expect(await placesOf(stack, person)).toContain('dead letters of notifications');
    }, PATIENCE);
  }
});

/**
 * Places an order of a person who is known by a token, as the API's function gets it from API Gateway: the stack's own API
 * asks nobody who calls, and all orders have one owner then.
 */
async function placeOrderOf(person: string): Promise<{ readonly orderId: string; readonly placedAt: string }> {
  const items = [{ sku: person, quantity: 2, unitPrice: '19.99' }];
  const event = gatewayEvent('POST /orders', {
    line: 'POST /orders',
    headers: [
      ['content-type', 'application/json'],
      ['idempotency-key', randomUUID()],
    ],
    body: JSON.stringify(newOrder({ customerId: person, items })),
  });
  const authorizer = { jwt: { claims: { iss: 'https://issuer.example', sub: person }, scopes: [] } };
  const { Payload } = await aws.lambda.send(
    new InvokeCommand({
      FunctionName: stack.orders_api_function_name,
      Payload: JSON.stringify({ ...event, requestContext: { ...event.requestContext, authorizer } }),
    }),
  );
  const { statusCode, body } = JSON.parse(Buffer.from(Payload ?? []).toString()) as {
    statusCode: number;
    body: string;
  };
  expect([statusCode, body]).toEqual([201, expect.any(String)]);
  return JSON.parse(body) as { orderId: string; placedAt: string };
}

/** The rows of the inventory: place, what it holds, for how long, how it goes. */
function inventory(): readonly Place[] {
  const text = readFileSync(join(root, 'docs', 'personal-data.md'), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => {
    const [name = '', holds = '', , goes = ''] = row
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    return { name: name.replaceAll('`', ''), holds, goes };
  });
}
