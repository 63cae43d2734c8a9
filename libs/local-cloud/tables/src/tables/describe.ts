import { formatArn } from '@outbox/local-cloud-kernel';
import type { Json } from '../json';
import type { IndexDefinition, Keys, TableDefinition, Throughput } from './definition';

/** A table as DescribeTable gives it, ARNs and times in AWS's terms. */
export function describeTable(
  table: TableDefinition,
  status: 'ACTIVE' | 'CREATING' | 'UPDATING' | 'DELETING',
  size: { readonly items: number; readonly bytes: number },
): Json {
  const arn = tableArn(table);
  const of = (isGlobal: boolean): readonly Json[] =>
    table.indexes.filter((index) => index.isGlobal === isGlobal).map((index) => describeIndex(index, arn, size));
  const [local, global] = [of(false), of(true)];
  return {
    AttributeDefinitions: table.attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    TableName: table.name,
    KeySchema: describeKeys(table.keys),
    TableStatus: status,
    CreationDateTime: table.createdAt / 1000,
    ProvisionedThroughput: describeThroughput(table.throughput),
    TableSizeBytes: size.bytes,
    ItemCount: size.items,
    TableArn: arn,
    ...(table.throughput ? {} : { BillingModeSummary: billing(table) }),
    ...(local.length > 0 ? { LocalSecondaryIndexes: local } : {}),
    ...(global.length > 0 ? { GlobalSecondaryIndexes: global } : {}),
    ...(table.stream ? describeStream(table.stream, arn) : {}),
    DeletionProtectionEnabled: table.isProtected,
  };
}

export function tableArn({ region, accountId, name }: TableDefinition): string {
  return formatArn('dynamodb', region, accountId, `table/${name}`);
}

export function describeKeys({ hash, range }: Keys): readonly Json[] {
  return [
    { AttributeName: hash.name, KeyType: 'HASH' },
    ...(range ? [{ AttributeName: range.name, KeyType: 'RANGE' }] : []),
  ];
}

function billing({ onDemandSince, createdAt }: TableDefinition): Json {
  return {
    BillingMode: 'PAY_PER_REQUEST',
    LastUpdateToPayPerRequestDateTime: (onDemandSince ?? createdAt) / 1000,
  };
}

function describeIndex(
  { name, keys, projection, nonKeyAttributes, isGlobal, throughput }: IndexDefinition,
  arn: string,
  size: { readonly items: number; readonly bytes: number },
): Json {
  return {
    IndexName: name,
    KeySchema: describeKeys(keys),
    Projection: {
      ProjectionType: projection,
      ...(projection === 'INCLUDE' ? { NonKeyAttributes: nonKeyAttributes } : {}),
    },
    ...(isGlobal ? { IndexStatus: 'ACTIVE', ProvisionedThroughput: describeThroughput(throughput) } : {}),
    IndexSizeBytes: size.bytes,
    ItemCount: size.items,
    IndexArn: `${arn}/index/${name}`,
  };
}

/** On demand it is one of zeros. */
function describeThroughput(throughput: Throughput | undefined): Json {
  return {
    NumberOfDecreasesToday: 0,
    ReadCapacityUnits: throughput?.read ?? 0,
    WriteCapacityUnits: throughput?.write ?? 0,
  };
}

function describeStream({ label, viewType, isEnabled }: NonNullable<TableDefinition['stream']>, arn: string): Json {
  return {
    ...(isEnabled ? { StreamSpecification: { StreamEnabled: true, StreamViewType: viewType } } : {}),
    LatestStreamLabel: label,
    LatestStreamArn: `${arn}/stream/${label}`,
  };
}
