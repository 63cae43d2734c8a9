import { AwsError } from '@outbox/local-cloud-kernel';
import { validation } from '../errors';
import { project } from '../expressions/projection';
import { isObject, objectAt, textAt, type Json } from '../json';
import type { Database } from '../storage/database';
import type { Item } from '../values/attribute-value';
import { ConsumedCapacity } from './capacity';
import type { FindTable } from './request';
import { prepareDelete, preparePut, prepareUpdate, type PreparedWrite, type WriteAction } from './write-action';
import type { PlannedWrite, Writer } from './writer';
import { MAX_WRITE_BATCH } from '../limits';

const OLD_ONLY: ReadonlySet<string> = new Set(['NONE', 'ALL_OLD']);
const OF_UPDATES: ReadonlySet<string> = new Set(['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW']);

/** Writes of single items and of batches of them. */
export class WriteOperations {
  constructor(
    private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  putItem(body: Json, find: FindTable): Json {
    checkReturnValues(body, OLD_ONLY);
    return this.#single(body, bound(preparePut(body), find));
  }

  deleteItem(body: Json, find: FindTable): Json {
    checkReturnValues(body, OLD_ONLY);
    return this.#single(body, bound(prepareDelete(body), find));
  }

  updateItem(body: Json, find: FindTable): Json {
    checkReturnValues(body, OF_UPDATES);
    return this.#single(body, bound(prepareUpdate(body), find));
  }

  /**
   * Deletes an item as time to live does: its stream names DynamoDB as who did it.
   * @returns false where the condition wasn't met
   */
  expireItem(body: Json, find: FindTable, by: Json): boolean {
    const action = bound(prepareDelete(body), find);
    return this.db.transaction(() => {
      const before = this.writer.find(action);
      if (!before || !this.writer.allows(action, before)) return false;
      this.writer.write(this.writer.plan(action, before), by);
      return true;
    });
  }

  batchWriteItem(body: Json, find: FindTable): Json {
    const actions = batchActions(body, find);
    const capacity = new ConsumedCapacity(body);
    this.db.transaction(() => {
      for (const action of actions) {
        const planned = this.writer.plan(action, this.writer.find(action));
        this.writer.write(planned);
        capacity.write(action.table, planned.before, planned.after);
      }
    });
    return { UnprocessedItems: {}, ...capacity.list() };
  }

  #single(body: Json, action: WriteAction): Json {
    const planned = this.db.transaction(() => {
      const before = this.writer.find(action);
      if (!this.writer.allows(action, before)) throw conditionFailed(action, before?.item);
      const write = this.writer.plan(action, before);
      this.writer.write(write);
      return write;
    });
    const capacity = new ConsumedCapacity(body);
    capacity.write(action.table, planned.before, planned.after);
    const attributes = returned(textAt(body, 'ReturnValues'), planned);
    return { ...(attributes ? { Attributes: attributes } : {}), ...capacity.single() };
  }
}

function bound({ tableName, bind }: PreparedWrite, find: FindTable): WriteAction {
  return bind(find(tableName));
}

/** The error of a condition that isn't met, with the item where the request asks for it. */
function conditionFailed({ returnsOldOnFailure }: WriteAction, item: Item | undefined): AwsError {
  return new AwsError('ConditionalCheckFailedException', 'The conditional request failed', {
    members: returnsOldOnFailure && item ? { Item: item } : {},
  });
}

function checkReturnValues(body: Json, allowed: ReadonlySet<string>): void {
  const wanted = textAt(body, 'ReturnValues');
  if (wanted === undefined || allowed.has(wanted)) return;
  if (allowed === OLD_ONLY) throw validation('ReturnValues can only be ALL_OLD or NONE');
  throw validation(
    `1 validation error detected: Value '${wanted}' at 'returnValues' failed to satisfy constraint: ` +
      'Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]',
  );
}

/** What of an item the answer holds; undefined for nothing. */
function returned(wanted: string | undefined, { action, before, after }: PlannedWrite): Item | undefined {
  if (wanted === 'ALL_OLD') return before?.item;
  if (wanted === 'ALL_NEW') return after?.item;
  if (wanted !== 'UPDATED_OLD' && wanted !== 'UPDATED_NEW') return undefined;
  const item = (wanted === 'UPDATED_OLD' ? before : after)?.item;
  const part = item && project(item, action.changedPaths);
  return part && Object.keys(part).length > 0 ? part : undefined;
}

function batchActions(body: Json, find: FindTable): readonly WriteAction[] {
  const requests = Object.entries(objectAt(body, 'RequestItems') ?? {});
  if (requests.length === 0) throw validation('BatchWriteItem cannot have a null or no requests set');
  const actions: WriteAction[] = [];
  for (const [table, list] of requests) {
    if (!Array.isArray(list) || list.length === 0) {
      throw validation(`The batch write request list for a table cannot be null or empty: ${table}`);
    }
    if (actions.length + list.length > MAX_WRITE_BATCH) {
      throw validation('Too many items requested for the BatchWriteItem call');
    }
    actions.push(...list.map((request: unknown) => batchAction(table, request, find)));
  }
  checkOncePerItem(actions, 'Provided list of item keys contains duplicates');
  return actions;
}

function batchAction(table: string, request: unknown, find: FindTable): WriteAction {
  const [put, remove] = isObject(request)
    ? [objectAt(request, 'PutRequest'), objectAt(request, 'DeleteRequest')]
    : [undefined, undefined];
  if (put && !remove) return bound(preparePut({ TableName: table, Item: put['Item'] }), find);
  if (remove && !put) return bound(prepareDelete({ TableName: table, Key: remove['Key'] }), find);
  throw validation(
    put
      ? 'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes'
      : 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
  );
}

/** @throws AwsError ValidationException where two actions are on one item */
export function checkOncePerItem(actions: readonly Pick<WriteAction, 'table' | 'key'>[], message: string): void {
  const seen = new Set<string>();
  for (const { table, key } of actions) {
    const name = `${table.id}/${key.position.hash.toString('base64')}/${key.position.range.toString('base64')}`;
    if (seen.has(name)) throw validation(message);
    seen.add(name);
  }
}
