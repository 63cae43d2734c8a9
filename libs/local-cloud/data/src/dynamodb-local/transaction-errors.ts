import { AwsError } from '@outbox/local-cloud-kernel';
import { objectAt, objectsAt, type Json } from '../proxy/json';

/**
 * Errors of an update that depend on the item. In a transaction, DynamoDB answers them with a cancellation whose reason is
 * ValidationError; DynamoDB Local refuses the request. Source: DynamoDB API reference, TransactionCanceledException.
 */
const OF_THE_ITEM: ReadonlySet<string> = new Set([
  'An operand in the update expression has an incorrect data type',
  'Item size to update has exceeded the maximum allowed size',
  'The document path provided in the update expression is invalid for update',
  'The provided expression refers to an attribute that does not exist in the item',
]);

/**
 * Returns the error that DynamoDB has for a transaction which DynamoDB Local refused with `error`. It blames one update, the
 * first that fails alone.
 * @param attempt runs a transaction that can't succeed and returns its error, to see which of several updates it was
 */
export async function transactionError(
  error: unknown,
  body: Json,
  attempt: (transaction: Json) => Promise<unknown>,
): Promise<unknown> {
  if (!(error instanceof AwsError) || error.code !== 'ValidationException' || !OF_THE_ITEM.has(error.message)) {
    return error;
  }
  const parts = objectsAt(body, 'TransactItems');
  const updates = parts.filter((part) => 'Update' in part);
  let wrong = updates.length === 1 ? updates[0] : undefined;
  for (const update of wrong ? [] : updates) {
    const alone = await attempt({ TransactItems: [update, impossible(update)] });
    if (alone instanceof AwsError && alone.message === error.message) wrong = update;
    if (wrong) break;
  }
  if (!wrong) return error;
  const CancellationReasons = parts.map((part) =>
    part === wrong ? { Code: 'ValidationError', Message: error.message } : { Code: 'None' },
  );
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { members: { CancellationReasons } },
  );
}

/** A check of another item of the update's table that nothing can pass. */
function impossible(update: Json): Json {
  const { TableName, Key } = objectAt(update, 'Update');
  const key = Object.entries(objectAt({ Key }, 'Key')).map(([name, value]) => [name, otherThan(value as Json)]);
  const [name] = key[0] ?? [''];
  return {
    ConditionCheck: {
      TableName,
      Key: Object.fromEntries(key) as Json,
      ConditionExpression: 'attribute_exists(#key) AND attribute_not_exists(#key)',
      ExpressionAttributeNames: { '#key': name },
    },
  };
}

/** A key's value of the same type. */
function otherThan(value: Json): Json {
  if (typeof value['N'] === 'string') return { N: value['N'] === '0' ? '1' : '0' };
  if (typeof value['B'] === 'string') return { B: value['B'] === 'AA==' ? 'AQ==' : 'AA==' };
  return { S: value['S'] === '-' ? '+' : '-' };
}
