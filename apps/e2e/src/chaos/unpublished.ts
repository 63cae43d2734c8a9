import { ScanCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Stack } from '../support/stack';
import type { AwsClients } from './clients';

/** How many events wait for their publication, by the outbox's index of them. */
export async function countUnpublished({ dynamodb }: AwsClients, stack: Stack): Promise<number> {
  let count = 0;
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await dynamodb.send(
      new ScanCommand({
        TableName: stack.outbox_table_name,
        IndexName: 'unpublished',
        Select: 'COUNT',
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    count += page.Count ?? 0;
    start = page.LastEvaluatedKey;
  } while (start);
  return count;
}
