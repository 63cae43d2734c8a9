import { own, type AwsError } from '@outbox/local-cloud-kernel';
import { validation } from '../errors';
import { objectAt, objectsAt, textAt, numberAt, type Json } from '../json';
import type { KeyType } from '../values/attribute-value';
import type {
  IndexDefinition,
  KeyAttribute,
  Keys,
  ProjectionType,
  StreamViewType,
  TableDefinition,
  Throughput,
} from './definition';
import { MAX_GLOBAL_INDEXES, MAX_LOCAL_INDEXES } from '../limits';

const NAME = /^[a-zA-Z0-9_.-]{3,255}$/;
const KEY_TYPES: readonly KeyType[] = ['S', 'N', 'B'];
const PROJECTIONS: readonly ProjectionType[] = ['ALL', 'KEYS_ONLY', 'INCLUDE'];
const VIEW_TYPES: readonly StreamViewType[] = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'];

/** An index without what only its creation decides. */
export type IndexSchema = Omit<IndexDefinition, 'id'>;

/** The name of a table or an index. @throws AwsError ValidationException */
export function readName(name: string | undefined): string {
  if (name !== undefined && NAME.test(name)) return name;
  throw validation(
    "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'",
  );
}

/** `AttributeDefinitions`. @throws AwsError ValidationException */
export function readAttributes(body: Json): readonly KeyAttribute[] {
  const attributes = objectsAt(body, 'AttributeDefinitions').map((given) => {
    const type = KEY_TYPES.find((known) => known === given['AttributeType']);
    if (!type) throw validation('Member must satisfy enum value set: [B, N, S]');
    return { name: textAt(given, 'AttributeName') ?? '', type };
  });
  if (attributes.length === 0) throw validation('No Attribute Schema Defined');
  if (new Set(attributes.map(({ name }) => name)).size < attributes.length) {
    throw validation('Cannot have two attributes with the same name');
  }
  return attributes;
}

/** `KeySchema` of a table or an index. @throws AwsError ValidationException */
export function readKeys(body: Json, attributes: readonly KeyAttribute[]): Keys {
  const schema = objectsAt(body, 'KeySchema').map((part) => ({
    name: textAt(part, 'AttributeName') ?? '',
    kind: textAt(part, 'KeyType'),
  }));
  const [hash, range] = schema;
  if (!hash) {
    throw validation(
      'No defined key schema.  A key schema containing at least a hash key must be defined for all tables',
    );
  }
  if (schema.length > 2) {
    throw validation('Key Schema too big.  Key Schema must at most consist of the hash and range key of a table');
  }
  if (hash.kind !== 'HASH') {
    throw validation(
      range?.kind === 'HASH'
        ? 'Invalid key order. Hash Key must be specified first in key schema, Range Key must be specifed second'
        : 'No Hash Key specified in schema.  All Dynamo DB tables must have exactly one hash key',
    );
  }
  if (range && range.kind !== 'RANGE') {
    throw validation('Too many hash keys specified.  All Dynamo DB tables must have exactly one hash key');
  }
  if (range?.name === hash.name) throw validation('Two keys can not have the same name');
  return {
    hash: keyAttribute(hash.name, 'Hash', attributes),
    ...(range ? { range: keyAttribute(range.name, 'Range', attributes) } : {}),
  };
}

function keyAttribute(name: string, kind: 'Hash' | 'Range', attributes: readonly KeyAttribute[]): KeyAttribute {
  const found = attributes.find((attribute) => attribute.name === name);
  if (found) return found;
  throw validation(`${kind} Key not specified in Attribute Definitions.  Type unknown.`);
}

/** One of `GlobalSecondaryIndexes` or `LocalSecondaryIndexes`. @throws AwsError ValidationException */
export function readIndex(
  given: Json,
  attributes: readonly KeyAttribute[],
  isGlobal: boolean,
  isProvisioned: boolean,
): IndexSchema {
  for (const part of objectsAt(given, 'KeySchema')) {
    const name = textAt(part, 'AttributeName') ?? '';
    if (!attributes.some((attribute) => attribute.name === name)) {
      throw validation(`Attribute ${name} is not defined in AttributeDefinitions`);
    }
  }
  const throughput = isGlobal && isProvisioned ? readThroughput(given, 'the global secondary index') : undefined;
  return {
    name: readName(textAt(given, 'IndexName')),
    isGlobal,
    keys: readKeys(given, attributes),
    ...readProjection(objectAt(given, 'Projection')),
    ...(throughput ? { throughput } : {}),
  };
}

function readProjection(given: Json | undefined): Pick<IndexSchema, 'projection' | 'nonKeyAttributes'> {
  const type = given && textAt(given, 'ProjectionType');
  if (!given || type === undefined) throw validation('Indexes must have a projection specified');
  const projection = PROJECTIONS.find((known) => known === type);
  if (!projection) throw validation('Projection type must be INCLUDE, ALL, or KEYS_ONLY');
  const names: unknown = given['NonKeyAttributes'];
  const nonKeyAttributes = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  if (projection === 'INCLUDE' && nonKeyAttributes.length === 0) {
    throw validation(
      'If Projection type INCLUDE is specified, some non-key attributes to include in the projection must be specified as well',
    );
  }
  if (projection !== 'INCLUDE' && nonKeyAttributes.length > 0) {
    throw validation('No attributes should be specified to be projected unless projection type is INCLUDE');
  }
  return { projection, nonKeyAttributes };
}

/** @throws AwsError ValidationException for a list of indexes without any; as recorded from AWS in dynalite's tests */
export function checkNoEmptyLists(body: Json): void {
  for (const member of ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes']) {
    const list = body[member];
    if (!Array.isArray(list) || list.length > 0) continue;
    throw validation(`One or more parameter values were invalid: List of ${member} is empty`);
  }
}

/** @throws AwsError ValidationException unless a table with these keys can have these indexes */
export function checkIndexes(keys: Keys, indexes: readonly IndexSchema[]): void {
  const [local, global] = [indexes.filter(({ isGlobal }) => !isGlobal), indexes.filter(({ isGlobal }) => isGlobal)];
  if (local.length > 0 && !keys.range) {
    throw validation('Local Secondary indices are not allowed on hash tables, only hash and range tables');
  }
  for (const index of local) {
    if (!index.keys.range) throw validation('Local secondary indices must have a range key');
    if (index.keys.hash.name !== keys.hash.name) {
      throw validation('Local Secondary indices must have the same hash key as the main table');
    }
  }
  if (local.length > MAX_LOCAL_INDEXES) {
    throw validation(`Cannot have more than ${MAX_LOCAL_INDEXES} local secondary indexes per table`);
  }
  if (global.length > MAX_GLOBAL_INDEXES) throw validation('GlobalSecondaryIndex count exceeds the per-table limit');
  checkNames(local, 'Two local secondary indices have the same name');
  checkNames(global, 'Two global secondary indices have the same name');
  checkNames(indexes, 'Local Secondary Indices AND Global Secondary Indices must have different names');
}

function checkNames(indexes: readonly IndexSchema[], message: string): void {
  if (new Set(indexes.map(({ name }) => name)).size < indexes.length) throw validation(message);
}

/** @throws AwsError ValidationException where an attribute is defined that is no key */
export function checkAllUsed(attributes: readonly KeyAttribute[], keys: Keys, indexes: readonly IndexSchema[]): void {
  const used = new Set(
    [keys, ...indexes.map((index) => index.keys)].flatMap(({ hash, range }) => [hash.name, range?.name]),
  );
  if (attributes.every(({ name }) => used.has(name))) return;
  throw validation(
    indexes.length === 0
      ? 'The number of attributes in key schema must match the number of attributes defined in attribute definitions.'
      : 'Some AttributeDefinitions are not used. AttributeDefinitions must only hold keys of the table and its indexes',
  );
}

/** `ProvisionedThroughput`. @param of what it is for, in the error where it is missing */
export function readThroughput(body: Json, of: string): Throughput {
  const given = objectAt(body, 'ProvisionedThroughput');
  if (!given) throw validation(`No provisioned throughput specified for ${of}`);
  const [read, write] = [numberAt(given, 'ReadCapacityUnits') ?? 0, numberAt(given, 'WriteCapacityUnits') ?? 0];
  if (read >= 1 && write >= 1) return { read, write };
  throw validation('Table read and write throughput must be at least 1, and cannot be null');
}

/** Throughput was given for a table that is billed per request. Source: API reference, CreateTable, ProvisionedThroughput */
export function noThroughputOnDemand(): AwsError {
  return validation(
    'One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
  );
}

/** @throws AwsError ValidationException where an update asks for the throughput that the table has */
export function checkThroughputChanges(current: Throughput, requested: Throughput): void {
  if (current.read !== requested.read || current.write !== requested.write) return;
  throw validation(
    `The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: ${current.read}. Requested ReadCapacityUnits: ${requested.read}. Current WriteCapacityUnits provisioned for the table: ${current.write}. Requested WriteCapacityUnits: ${requested.write}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.`,
  );
}

/** What `StreamSpecification` asks for: a stream, none, or nothing. @throws AwsError ValidationException */
export function readStream(body: Json): StreamViewType | 'none' | undefined {
  const given = objectAt(body, 'StreamSpecification');
  if (!given) return undefined;
  const type = textAt(given, 'StreamViewType');
  if (given['StreamEnabled'] !== true) {
    if (type === undefined) return 'none';
    throw validation('Invalid StreamViewType: Stream StreamEnabled was false but a StreamViewType was present.');
  }
  const viewType = VIEW_TYPES.find((known) => known === type);
  if (viewType) return viewType;
  throw validation('Invalid StreamViewType: Stream ViewType must not be null or empty when enabling streams.');
}

/** What an update makes of the attributes: those it gives, and those it doesn't name. */
export function mergedAttributes(table: TableDefinition, body: Json): readonly KeyAttribute[] {
  if (objectsAt(body, 'AttributeDefinitions').length === 0) return table.attributes;
  const given = Object.fromEntries(readAttributes(body).map((attribute) => [attribute.name, attribute]));
  const others = table.attributes.filter(({ name }) => !own(given, name));
  return [...others, ...Object.values(given)];
}
