import { unsupported, type Engine, type RequestContext } from '@outbox/local-cloud-kernel';
import type { TableEngine } from '../engine/table-engine';
import { tableArn, tableName } from '../proxy/arns';
import { isObject, objectAt, objectsAt, textAt, without, type Json } from '../proxy/json';
import type { JsonOperations } from '../proxy/operation';
import { describeTable, MANAGED_KEY } from './describe';
import { validation } from './errors';
import { limitsAfter } from './on-demand-limits';
import { indexThroughput, speaksOfLimits, withoutIndexThroughput } from './index-throughput';
import { checkIntegers } from './item-requests';
import type { Requirements } from './requirements';
import type { TableKeys } from './table-keys';
import type { TableKey, TableRecord, TableRecords } from './table-records';
import { taggedBy } from './tag-operations';

/** Members an engine runs itself. */
const FORWARDED = [
  'AttributeDefinitions',
  'BillingMode',
  'DeletionProtectionEnabled',
  'GlobalSecondaryIndexUpdates',
  'GlobalSecondaryIndexes',
  'KeySchema',
  'LocalSecondaryIndexes',
  'ProvisionedThroughput',
  'StreamSpecification',
  'TableName',
];
/** Members we keep ourselves. */
const KEPT = ['OnDemandThroughput', 'SSESpecification', 'TableClass', 'Tags'];

/** Tables: what an engine has of them, and in front of it what only AWS has. */
export function tableOperations(
  engine: Pick<Engine, 'calls' | 'identity' | 'ids'>,
  tables: TableEngine,
  needs: Requirements,
  records: TableRecords,
  keys: TableKeys,
): JsonOperations {
  const keyArn = async (context: RequestContext, record: TableRecord | undefined): Promise<string | undefined> => {
    if (record?.key) return record.key.arn;
    if (!record?.managedKey) return undefined;
    const arn = tableArn(context, record.name);
    const caller = engine.identity.servicePrincipal('dynamodb.amazonaws.com', context.accountId, arn);
    const as = { caller, region: context.region, signal: context.signal };
    return (await engine.calls.call('kms', 'DescribeKey', { KeyId: MANAGED_KEY }, as)).KeyMetadata?.Arn;
  };
  /** The description as AWS gives it. */
  const describe = async (local: Json, context: RequestContext): Promise<Json> => {
    const record = records.get(context, textAt(local, 'TableName'));
    return describeTable(local, record, await keyArn(context, record));
  };
  /** Which key a request puts a table under: undefined leaves it as it was, null takes a customer's key away. */
  const newKey = async (body: Json, context: RequestContext): Promise<TableKey | null | undefined> => {
    const encryption = objectAt(body, 'SSESpecification');
    const keyId = textAt(encryption, 'KMSMasterKeyId');
    if (!('Enabled' in encryption)) return undefined;
    const isCustomers = encryption['Enabled'] === true && keyId !== '' && keyId !== MANAGED_KEY;
    return isCustomers ? keys.take(keyId, textAt(body, 'TableName'), context) : null;
  };
  const localTable = async (name: string, context: RequestContext): Promise<Json> =>
    objectAt(await tables.call('DescribeTable', { TableName: name }, context), 'Table');

  /** Keeps what an update sets; a key that is replaced gets its grant back. */
  const keep = async (name: string, body: Json, context: RequestContext): Promise<void> => {
    const taken = await newKey(body, context);
    // Read now: it may have been changed, or deleted, while the engine and the key were waited for.
    const record = records.get(context, name);
    if (!record) return;
    const { key: before, ...others } = record;
    const key = taken === undefined ? before : (taken ?? undefined);
    records.put({ ...others, ...settings(body, record), ...(key ? { key } : {}) });
    if (before !== key) await keys.release(before, context, tableArn(context, name));
  };

  return {
    CreateTable: {
      requires: (body, context) => [
        ...needs.onTable(body, context),
        ...(objectsAt(body, 'Tags').length > 0 ? needs.onTable(body, { ...context, operation: 'TagResource' }) : []),
      ],
      run: async (given, context) => {
        const body = withName(given, context);
        refuseOthers(body, context);
        const tags = taggedBy(body);
        const set = settings(body);
        const taken = (await newKey(body, context)) ?? undefined;
        const answer = await tables
          .call('CreateTable', withoutIndexThroughput(forwarded(body)), context)
          .catch(async (error) => {
            await keys.release(taken, context, tableArn(context, textAt(body, 'TableName')));
            throw error;
          });
        const local = objectAt(answer, 'TableDescription');
        const schema = objectsAt(local, 'KeySchema');
        const key = (type: string): string | undefined =>
          textAt(schema.find((part) => part['KeyType'] === type) ?? {}, 'AttributeName') || undefined;
        records.put({
          accountId: context.accountId,
          region: context.region,
          name: textAt(local, 'TableName'),
          id: engine.ids.uuid(),
          hashKey: key('HASH') ?? '',
          rangeKey: key('RANGE'),
          tags,
          ttlAttribute: undefined,
          recovery: undefined,
          ...set,
          ...(taken ? { key: taken } : {}),
        });
        // It is there already, but AWS is never that fast: clients wait for ACTIVE before they go on.
        return { TableDescription: { ...(await describe(local, context)), TableStatus: 'CREATING' } };
      },
    },
    DescribeTable: {
      requires: needs.onTable,
      run: async (body, context) => ({
        Table: await describe(await localTable(tableName(textAt(body, 'TableName'), context), context), context),
      }),
    },
    UpdateTable: {
      requires: needs.onTable,
      run: async (given, context) => {
        const body = withName(given, context);
        refuseOthers(body, context);
        const name = textAt(body, 'TableName');
        // Refuses limits that can't be, before anything changes.
        settings(body, records.get(context, name));
        const limits = speaksOfLimits(body);
        const changes = limits
          ? withoutIndexThroughput(forwarded(body), await localTable(name, context))
          : forwarded(body);
        const kept = limits || KEPT.some((member) => body[member] !== undefined);
        // An engine refuses an update without anything in it for itself.
        const onlyOurs = kept && Object.keys(without(changes, 'TableName', 'AttributeDefinitions')).length === 0;
        const local = onlyOurs
          ? await localTable(name, context)
          : objectAt(await tables.call('UpdateTable', changes, context), 'TableDescription');
        await keep(name, body, context);
        return { TableDescription: await describe(local, context) };
      },
    },
    DeleteTable: {
      requires: needs.onTable,
      run: async (given, context) => {
        const body = withName(given, context);
        const name = textAt(body, 'TableName');
        const answer = await tables.call('DeleteTable', body, context);
        const local = objectAt(answer, 'TableDescription');
        const record = records.get(context, name);
        const table = describeTable(local, record, record?.key?.arn);
        records.delete(context, name);
        await keys.release(record?.key, context, tableArn(context, name));
        return { TableDescription: { ...table, TableStatus: 'DELETING' } };
      },
    },
    ListTables: {
      requires: needs.onAll,
      run: async (body, context) => {
        checkIntegers(body);
        return tables.call('ListTables', body, context);
      },
    },
  };
}

type Settings = Pick<TableRecord, 'managedKey' | 'tableClass' | 'onDemandThroughput' | 'indexThroughput'>;

/** What a request sets of the settings we keep, else what they were. @throws AwsError for limits that can't be */
function settings(body: Json, before?: Settings): Settings {
  const encryption = objectAt(body, 'SSESpecification');
  const keyId = textAt(encryption, 'KMSMasterKeyId') || MANAGED_KEY;
  const managedKey = encryption['Enabled'] === true && keyId === MANAGED_KEY;
  return {
    managedKey: 'Enabled' in encryption ? managedKey : (before?.managedKey ?? false),
    tableClass: textAt(body, 'TableClass') || (before?.tableClass ?? 'STANDARD'),
    onDemandThroughput: isObject(body['OnDemandThroughput'])
      ? limitsAfter(body['OnDemandThroughput'], 'table', before && { ...before.onDemandThroughput })
      : before?.onDemandThroughput,
    indexThroughput: indexThroughput(body, before?.indexThroughput),
  };
}

function forwarded(body: Json): Json {
  return Object.fromEntries(Object.entries(body).filter(([name]) => FORWARDED.includes(name)));
}

/** @throws AwsError for an option nobody runs, e.g. replicas or warm throughput. */
function refuseOthers(body: Json, context: RequestContext): void {
  for (const [name, value] of Object.entries(without(body, ...FORWARDED, ...KEPT))) {
    if (value !== undefined && value !== null) throw unsupported('dynamodb', context.operation, name);
  }
  const tableClass = textAt(body, 'TableClass');
  if (tableClass && tableClass !== 'STANDARD' && tableClass !== 'STANDARD_INFREQUENT_ACCESS') {
    throw validation(`TableClass ${tableClass} is not valid`);
  }
}

function withName(body: Json, context: RequestContext): Json {
  return { ...body, TableName: tableName(textAt(body, 'TableName'), context) };
}
