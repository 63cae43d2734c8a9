import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Outbox } from 'transactional-outbox-aws';
import { cancel, openOutbox, start, table } from './subscriptions.js';

/** How it was done before there was an outbox: nothing is published. */
async function legacyStart(_outbox: Outbox, id: string, plan: string) {
  const Item = { id: { S: id }, plan: { S: plan }, status: { S: 'active' } };
  await new DynamoDBClient().send(new PutItemCommand({ TableName: table, Item }));
  return { kind: 'committed' };
}

/** Prints how a change ended; exit code 1 unless it is committed. */
async function run([verb = '', id = '', text = '']: readonly string[]): Promise<void> {
  const change = new Map(Object.entries({ start, cancel, 'legacy-start': legacyStart })).get(verb);
  if (!change || !id || !text) throw new Error('usage: start ID PLAN | cancel ID REASON | legacy-start ID PLAN');
  const result = await change(openOutbox(), id, text);
  console.log(JSON.stringify(result));
  if (result.kind !== 'committed') process.exitCode = 1;
}

void run(process.argv.slice(2));
