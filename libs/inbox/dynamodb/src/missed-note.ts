import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { missedItem, missedKey, readMissed, type Missed } from './inbox-item';
import { loadItem } from './inbox-reader';
import type { LayoutPorts } from './layout';

/**
 * Since when the consumer has missed this version, milliseconds since the epoch: `now` the first time, which is noted in an
 * item of the subject. It counts from `now` again if the consumer hasn't looked for `standstillSeconds`: it could not work
 * meanwhile, and the version may be among what waits for it. Two that ask at the same time may both be the first; then the
 * later note stands.
 * @throws CorruptItemError
 */
export async function noteMissed(
  ports: LayoutPorts,
  missed: Omit<Missed, 'since'>,
  standstillSeconds: number,
): Promise<number> {
  const { tableName: TableName, dynamodb } = ports;
  const item = await loadItem(ports, missedKey(missed.subject));
  const noted = item && readMissed(TableName, item);
  const isStill = noted?.version === missed.version && missed.now - noted.lookedAt <= standstillSeconds * 1_000;
  const since = isStill ? noted.since : missed.now;
  await dynamodb.send(new PutItemCommand({ TableName, Item: missedItem({ ...missed, since }) }));
  return since;
}
