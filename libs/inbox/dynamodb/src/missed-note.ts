import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { missedItem, missedKey, readMissed, type Missed } from './inbox-item';
import { loadItem } from './inbox-reader';
import type { LayoutPorts } from './layout';

/**
 * Since when the consumer has missed this version, milliseconds since the epoch: `now` the first time, which is noted in an
 * item of the subject. Two that ask at the same time may both be the first; then the later note stands.
 * @throws CorruptItemError
 */
export async function noteMissed(ports: LayoutPorts, missed: Missed): Promise<number> {
  const { tableName: TableName, dynamodb } = ports;
  const item = await loadItem(ports, missedKey(missed.subject));
  const noted = item && readMissed(TableName, item);
  if (noted?.version === missed.version) return noted.since;
  await dynamodb.send(new PutItemCommand({ TableName, Item: missedItem(missed) }));
  return missed.now;
}
