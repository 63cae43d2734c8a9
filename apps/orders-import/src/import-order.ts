import { changeOrder, placeOrder, type ChangeOrder, type Order, type PlaceOrder } from '@outbox/orders-domain';
import { order as orderEvents } from '@outbox/orders-events';
import type { CommitResult, Outbox } from '@outbox/outbox-dynamodb';

/** What has happened to an order elsewhere. */
export interface ImportRequest {
  readonly orderId: string;
  readonly correlationId: string;
  /** The order as the writer knows it, with its owner; absent: it is new. */
  readonly before?: Order & { readonly owner: string };
  /** Of a new order. */
  readonly place?: PlaceOrder;
  /** One after the other. */
  readonly changes: readonly ChangeOrder[];
}

/** How the commit ended, and the order after it. */
export type ImportReply =
  | (CommitResult & { readonly order?: Order })
  /** What is said to have happened can't have. */
  | { readonly kind: 'refused'; readonly reason: 'impossible'; readonly detail: string };

export interface ImportPorts {
  readonly outbox: Pick<Outbox, 'commit'>;
  readonly ordersTable: string;
  /** ISO-8601. */
  now(): string;
}

/** Whom imported orders belong to. */
const OWNER = 'import';

/**
 * Commits all that has happened to an order, an event for each step, at once. The order's item is written without a
 * condition: what keeps writers apart is the head in the outbox alone.
 */
export async function importOrder(
  { outbox, ordersTable, now }: ImportPorts,
  { orderId, correlationId, before, place, changes }: ImportRequest,
  budget: Parameters<Outbox['commit']>[1],
): Promise<ImportReply> {
  const { owner = OWNER, ...known } = before ?? {};
  const events: ReturnType<typeof orderEvents.Created | typeof orderEvents.Updated>[] = [];
  let order = before && (known as Order);
  if (place) {
    const placed = placeOrder(place, orderId, now());
    if (placed.kind === 'invalid') return impossible(placed.violations);
    order = placed.order;
    events.push(orderEvents.Created(order));
  }
  for (const change of changes) {
    if (!order) return impossible('there is no order to change');
    const result = changeOrder(order, change, now());
    if (result.kind !== 'changed') return impossible(result);
    order = result.order;
    events.push(orderEvents.Updated({ ...order, changed: [...result.changed] }));
  }
  const result = await outbox.commit(
    {
      aggregate: orderEvents,
      id: orderId,
      after: before?.version ?? 0,
      events,
      write: [{ put: { table: ordersTable, item: { ...order, owner } } }],
      context: { correlationId, owner },
    },
    budget,
  );
  return order ? { ...result, order } : result;
}

function impossible(why: unknown): ImportReply {
  return { kind: 'refused', reason: 'impossible', detail: JSON.stringify(why) };
}
