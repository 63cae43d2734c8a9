import { GetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { parseEnvelope, type EventEnvelope } from '@outbox/events';
import { eventKey } from '@outbox/outbox-rules';

/** The committed event of one version, or undefined once retention removed it. Strongly consistent. */
export async function readEvent(
  dynamodb: DynamoDBClient,
  tableName: string,
  pk: string,
  version: number,
): Promise<EventEnvelope | undefined> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({
      TableName: tableName,
      Key: { pk: { S: pk }, sk: { S: eventKey(version) } },
      ProjectionExpression: 'detail',
      ConsistentRead: true,
    }),
  );
  const detail = Item?.['detail']?.S;
  if (detail === undefined) return undefined;
  const parsed = parseEnvelope(JSON.parse(detail));
  if (parsed.kind === 'malformed')
    throw new Error(`outbox item ${pk} ${eventKey(version)} holds no event: ${parsed.detail}`);
  return parsed.envelope;
}
