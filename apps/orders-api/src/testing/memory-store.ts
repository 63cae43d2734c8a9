import type { EventEnvelope } from '@outbox/outbox-envelope';
import type { Committed, OrderRecord, OrderStore } from '@outbox/orders-dynamodb';
import type { OutboxItem } from '@outbox/outbox-rules';

/** The table as the store promises it: a version is written once. */
export class MemoryStore implements OrderStore {
  readonly orders = new Map<string, OrderRecord>();
  readonly events = new Map<string, EventEnvelope>();
  /** What happens instead of the next commit's answer. */
  next: 'busy' | 'lost-answer' | undefined;

  read(orderId: string): Promise<OrderRecord | undefined> {
    return Promise.resolve(this.orders.get(orderId));
  }

  event(orderId: string, version: number): Promise<EventEnvelope | undefined> {
    return Promise.resolve(this.events.get(`${orderId} ${version}`));
  }

  commit(record: OrderRecord, item: OutboxItem): Promise<Committed> {
    const { orderId, version } = record.order;
    const next = this.next;
    this.next = undefined;
    if (next === 'busy') return Promise.resolve({ kind: 'busy', reason: 'ThrottlingException' });
    const taken = this.events.has(`${orderId} ${version}`);
    if (taken || (this.orders.get(orderId)?.order.version ?? 0) !== version - 1) {
      return Promise.resolve({ kind: 'conflict' });
    }
    this.orders.set(orderId, record);
    this.events.set(`${orderId} ${version}`, JSON.parse(item.detail) as EventEnvelope);
    // The write took effect, its answer was lost, the retry found the version taken.
    return Promise.resolve({ kind: next === 'lost-answer' ? 'conflict' : 'committed' });
  }
}
