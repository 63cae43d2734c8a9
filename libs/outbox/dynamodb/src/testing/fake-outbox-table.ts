import { ConditionalCheckFailedException, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { isUnpublished, type StoredOutboxItem } from '@outbox/outbox-rules';
import { outboxPut, unmarshalOutboxItem } from '../table/outbox-item';
import { outboxItem } from './lab';

type Item = Record<string, AttributeValue>;

/** What a sweep sends, as far as it is looked at. */
interface Sent {
  readonly TableName: string;
  readonly IndexName?: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Item;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeValues?: Item;
}

/**
 * An outbox table with a large backlog, which DynamoDB Local would take minutes for: it knows the requests of a sweep,
 * and of conditions that an item still waits and wasn't claimed since.
 */
export class FakeOutboxTable {
  readonly #items = new Map<string, Item>();
  /** Made up once per request: what it costs. */
  constructor(private readonly latency: () => Promise<void> = () => Promise.resolve()) {}

  readonly client = { send: ({ input }: { input: Sent }) => this.#answer(input) } as unknown as DynamoDBClient;

  commit(id: string, sequence: number, now: number): void {
    const { Put } = outboxPut('outbox', outboxItem(id, sequence, now));
    if (Put?.Item) this.#items.set(keyOf(Put.Item), Put.Item);
  }

  /** Takes off the index what the bus brought back. */
  acknowledge(pk: string, sk: string): void {
    const item = this.#items.get(keyOf({ pk: { S: pk }, sk: { S: sk } }));
    delete item?.['unpublishedShard'];
    delete item?.['dueAt'];
  }

  /** The events that wait, as they are now. */
  unpublished(): StoredOutboxItem[] {
    return [...this.#items.values()]
      .filter((item) => item['unpublishedShard'])
      .map((item) => unmarshalOutboxItem('outbox', item));
  }

  async #answer(sent: Sent): Promise<unknown> {
    await this.latency();
    if (sent.IndexName !== undefined) return this.#query(sent);
    if (sent.Item) return void this.#items.set(keyOf(sent.Item), sent.Item);
    const item = this.#items.get(keyOf(sent.Key ?? {}));
    if (sent.UpdateExpression === undefined) return item ? { Item: { ...item } } : {};
    return this.#claim(item, sent.ExpressionAttributeValues ?? {});
  }

  #query({ ExpressionAttributeValues: values = {}, Limit = Infinity, ExclusiveStartKey }: Sent) {
    const shard = [...this.#items.values()]
      .filter((item) => item['unpublishedShard']?.S === values[':shard']?.S)
      .map((item) => ({ item, position: positionOf(item) }))
      .sort((a, b) => (a.position < b.position ? -1 : 1));
    const from = ExclusiveStartKey ? shard.findIndex(({ position }) => position > positionOf(ExclusiveStartKey)) : 0;
    const Items = from < 0 ? [] : shard.slice(from, from + Limit).map(({ item }) => item);
    const last = Items.at(-1);
    return { Items, ...(last && from + Limit < shard.length ? { LastEvaluatedKey: { ...last } } : {}) };
  }

  #claim(item: Item | undefined, values: Item): object {
    const stored = item && unmarshalOutboxItem('outbox', item);
    const isAsSeen =
      isUnpublished(stored, values[':id']?.S ?? '') &&
      (values[':seenDueAt'] === undefined || stored.dueAt === values[':seenDueAt'].S);
    if (!item || !isAsSeen) throw new ConditionalCheckFailedException({ message: 'no', $metadata: {} });
    for (const name of ['attempts', 'dueAt'] as const) {
      const value = values[`:${name}`];
      if (value) item[name] = value;
    }
    return {};
  }
}

function keyOf({ pk, sk }: Item): string {
  return `${pk?.S} ${sk?.S}`;
}

function positionOf(item: Item): string {
  return `${item['dueAt']?.S} ${keyOf(item)}`;
}
