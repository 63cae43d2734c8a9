import { createHash } from 'node:crypto';
import { AwsError } from '@outbox/local-cloud-kernel';
import { validation } from '../errors';
import { isObject, objectAt, textAt, type Json } from '../json';
import type { Database } from '../storage/database';
import type { TokenStore } from '../storage/token-store';
import type { Place } from '../tables/definition';
import { ConsumedCapacity } from './capacity';
import type { FindTable } from './request';
import {
  prepareCheck,
  prepareDelete,
  preparePut,
  prepareUpdate,
  type PreparedWrite,
  type PrepareWrite,
  type WriteAction,
} from './write-action';
import { checkOncePerItem } from './write-operations';
import type { PlannedWrite, Writer } from './writer';
import { MAX_ACTIONS, MAX_TOKEN, MAX_TRANSACTION_BYTES } from '../limits';

const KINDS: Readonly<Record<string, PrepareWrite>> = {
  ConditionCheck: prepareCheck,
  Put: preparePut,
  Delete: prepareDelete,
  Update: prepareUpdate,
};

/** Why one action keeps a transaction from happening. */
export interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Json;
}

const NONE: Reason = { Code: 'None' };

/** TransactWriteItems: all of its writes, or none. */
export class WriteTransactions {
  constructor(
    private readonly db: Database,
    private readonly writer: Writer,
    private readonly tokens: TokenStore,
    private readonly random: () => number,
  ) {}

  /** @throws AwsError TransactionCanceledException with a reason for each action, IdempotentParameterMismatchException … */
  run(body: Json, place: Place, find: FindTable): Json {
    const parts = partsOf(body);
    const token = textAt(body, 'ClientRequestToken');
    checkToken(token);
    const digest = token ? createHash('sha256').update(JSON.stringify(parts)).digest() : undefined;
    if (token && digest) {
      const before = this.tokens.answerTo(place, token, digest);
      if (before) return before;
    }
    const read = readActions(parts, find);
    return this.db.transaction(() => {
      const planned = this.#plan(read);
      // A stream orders the changes of one item, not those of one transaction.
      for (const write of shuffled(planned, this.random)) this.writer.write(write);
      const capacity = new ConsumedCapacity(body, 2);
      for (const { action, before, after } of planned) capacity.write(action.table, before, after);
      const answer = capacity.list();
      if (token && digest) this.tokens.remember(place, token, digest, answer);
      return answer;
    });
  }

  #plan(read: readonly (WriteAction | Reason)[]): readonly PlannedWrite[] {
    return allOrCancelled(read.map((action) => (isReason(action) ? action : this.#planOne(action))));
  }

  #planOne(action: WriteAction): PlannedWrite | Reason {
    const before = this.writer.find(action);
    if (this.writer.allows(action, before)) return orReason(() => this.writer.plan(action, before));
    const item = action.returnsOldOnFailure && before ? { Item: before.item } : {};
    return { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...item };
  }
}

/** The results, where there is no reason among them. @throws AwsError TransactionCanceledException with all reasons */
export function allOrCancelled<T extends object>(results: readonly (T | Reason)[]): readonly T[] {
  const good = successes(results);
  if (good.length === results.length) return good;
  const reasons = results.map((result) => (isReason(result) ? result : NONE));
  throw new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
    { members: { CancellationReasons: reasons } },
  );
}

/**
 * What is wrong with a request whatever its tables hold ends it; what doesn't fit a table or an item is the reason of its
 * action. Source: API reference, TransactionCanceledException, "Validation Error".
 */
function readActions(parts: readonly Json[], find: FindTable): readonly (WriteAction | Reason)[] {
  const prepared = parts.map(prepare);
  checkBytes(prepared.reduce((sum, { bytes }) => sum + bytes, 0));
  const bound = prepared
    .map(({ tableName, bind }) => ({ table: find(tableName), bind }))
    .map(({ table, bind }) => orReason(() => bind(table)));
  checkOncePerItem(successes(bound), 'Transaction request cannot include multiple operations on one item');
  return bound;
}

function prepare(part: Json): PreparedWrite {
  const given = Object.entries(KINDS).filter(([kind]) => objectAt(part, kind));
  const [first, another] = given;
  if (another) throw validation('TransactItems can only contain one of Check, Put, Update or Delete');
  if (!first) throw validation('Invalid Request: TransactWriteRequest should contain Delete or Put or Update request');
  const [kind, read] = first;
  return read(objectAt(part, kind) ?? {});
}

function isReason(result: object): result is Reason {
  return 'Code' in result;
}

/** Those that are no reasons. */
export function successes<T extends object>(results: readonly (T | Reason)[]): readonly T[] {
  return results.filter((result): result is T => !isReason(result));
}

/** What `work` returns, or why the item or its table can't take it. */
export function orReason<T>(work: () => T): T | Reason {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ValidationException') throw error;
    return { Code: 'ValidationError', Message: error.message };
  }
}

/** The parts of a transaction. @throws AwsError ValidationException for none, or too many */
export function partsOf(body: Json): readonly Json[] {
  const parts = body['TransactItems'];
  const rule = (value: string, text: string): AwsError =>
    validation(`1 validation error detected: Value ${value} at 'transactItems' failed to satisfy constraint: ${text}`);
  if (!Array.isArray(parts)) throw rule('null', 'Member must not be null');
  if (parts.length === 0) throw rule("'[]'", 'Member must have length greater than or equal to 1');
  if (parts.length > MAX_ACTIONS) {
    throw rule(`'[${parts.length} members]'`, `Member must have length less than or equal to ${MAX_ACTIONS}`);
  }
  return parts.map((part: unknown) => (isObject(part) ? part : {}));
}

function checkToken(token: string | undefined): void {
  if (token === undefined || token.length <= MAX_TOKEN) return;
  throw validation(
    `1 validation error detected: Value '${token}' at 'clientRequestToken' failed to satisfy constraint: Member must have length less than or equal to ${MAX_TOKEN}`,
  );
}

function checkBytes(bytes: number): void {
  if (bytes > MAX_TRANSACTION_BYTES) {
    throw validation(`Transaction payload size cannot exceed 4MB. Payload Size: ${bytes}`);
  }
}

function shuffled<T>(list: readonly T[], random: () => number): readonly T[] {
  const order = list.map((element) => ({ element, at: random() }));
  return order.sort((a, b) => a.at - b.at).map(({ element }) => element);
}
