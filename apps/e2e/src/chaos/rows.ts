import { ScanCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import type { AwsClients } from './clients';

/**
 * The scalar attributes of an item, those within maps as `map.attribute`. The judge spells names and keys itself and imports
 * no reader of the product: one that read wrongly would hide the very defect that the judge is there to find.
 */
export type Row = Readonly<Record<string, string | number>>;

/** Every item of a table, read consistently. */
async function* scanRows(dynamodb: AwsClients['dynamodb'], table: string): AsyncGenerator<Row> {
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await dynamodb.send(
      new ScanCommand({
        TableName: table,
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    for (const item of page.Items ?? []) yield scalars(item);
    start = page.LastEvaluatedKey;
  } while (start);
}

/** The table's items by partition key, which is the attribute `keyName`; only those that `wanted` says. */
export async function rowsByKey(
  dynamodb: AwsClients['dynamodb'],
  table: string,
  wanted: (key: string) => boolean,
  keyName = 'pk',
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const rows = new Map<string, Row[]>();
  for await (const row of scanRows(dynamodb, table)) {
    const key = String(row[keyName]);
    if (!wanted(key)) continue;
    const known = rows.get(key);
    if (known) known.push(row);
    else rows.set(key, [row]);
  }
  return rows;
}

function scalars(item: Readonly<Record<string, AttributeValue>>): Row {
  return Object.fromEntries(
    Object.entries(item).flatMap(([name, value]): [string, string | number][] => {
      if (value.S !== undefined) return [[name, value.S]];
      if (value.N !== undefined) return [[name, Number(value.N)]];
      return Object.entries(scalars(value.M ?? {})).map(([inner, scalar]) => [`${name}.${inner}`, scalar]);
    }),
  );
}
