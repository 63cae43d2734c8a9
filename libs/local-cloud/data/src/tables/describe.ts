import { isObject, objectsAt, textAt, without, type Json } from '../proxy/json';
import type { TableRecord } from './table-records';

const NO_THROUGHPUT = { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 };

/**
 * A table's description as AWS gives it: the engine's, plus what only we know.
 * @param keyArn ARN of the key it is encrypted with, unless that is one AWS owns
 */
export function describeTable(table: Json, record: TableRecord | undefined, keyArn?: string): Json {
  const indexes = objectsAt(table, 'GlobalSecondaryIndexes');
  return {
    ...table,
    ...(isObject(table['ProvisionedThroughput'])
      ? { ProvisionedThroughput: withoutZeroDates(table['ProvisionedThroughput']) }
      : {}),
    // On AWS an on-demand index has a throughput of zeros too.
    ...(indexes.length > 0 ? { GlobalSecondaryIndexes: indexes.map((index) => describeIndex(index, record)) } : {}),
    ...(record ? known(record, keyArn) : {}),
  };
}

function describeIndex(index: Json, record: TableRecord | undefined): Json {
  const limit = record?.indexThroughput?.[textAt(index, 'IndexName')];
  // DynamoDB Local tells -1 of some indexes that have no limit.
  const told = without(index, 'OnDemandThroughput');
  return { ProvisionedThroughput: NO_THROUGHPUT, ...told, ...(limit ? { OnDemandThroughput: limit } : {}) };
}

function known(record: TableRecord, keyArn: string | undefined): Json {
  return {
    TableId: record.id,
    ...(record.managedKey || record.key
      ? { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', ...(keyArn ? { KMSMasterKeyArn: keyArn } : {}) } }
      : {}),
    ...(record.tableClass === 'STANDARD' ? {} : { TableClassSummary: { TableClass: record.tableClass } }),
    ...(record.onDemandThroughput ? { OnDemandThroughput: record.onDemandThroughput } : {}),
  };
}

/** DynamoDB Local says 1970 where AWS says nothing. */
function withoutZeroDates(throughput: Json): Json {
  const zero = Object.entries(throughput).filter(([name, value]) => name.endsWith('DateTime') && value === 0);
  return without(throughput, ...zero.map(([name]) => name));
}

/** What `kms:DescribeKey` is asked for a table encrypted with the AWS-managed key. */
export const MANAGED_KEY = 'alias/aws/dynamodb';
