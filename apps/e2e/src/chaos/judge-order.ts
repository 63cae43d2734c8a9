import type { AcceptedOrder } from './accepted-order';
import { readEvents } from './committed-event';
import type { Finding } from './finding';
import { judgeAggregate, lastSequence, type AggregateRows } from './judge-aggregate';
import { judgeHistory } from './judge-history';
import { judgeMails } from './judge-mails';
import type { OutsideLog } from './judge-outside';
import { judgeShipment } from './judge-shipment';
import { judgeTold } from './judge-told';
import type { Row } from './rows';

/** What there is of one order. */
export interface OrderFacts {
  /** Its item in the orders table. */
  readonly row?: Row | undefined;
  readonly order: AggregateRows;
  readonly shipment: AggregateRows;
  /** What carrier and mail provider did for it and its customer; absent where none stand beside the stack. */
  readonly outside?: Pick<OutsideLog, 'bookings' | 'refusals' | 'messages'> | undefined;
}

/** The consumer that tells customers. */
const MAILER = 'notifications';

/**
 * One order: what its clients were told, against its item, its events and its shipment's, every consumer and the outside.
 * Pure.
 */
export function judgeOrder(accepted: AcceptedOrder, { row, order, shipment, outside }: OrderFacts): Finding[] {
  const { orderId, isShippable, told, findings } = accepted;
  const found = ({ kind, detail }: Pick<Finding, 'kind' | 'detail'>): Finding => ({ kind, subject: orderId, detail });
  if (!row) return [...findings, found({ kind: 'lost', detail: 'accepted, and not in the table' })];
  const [events, shipped] = [readEvents(order.outbox), readEvents(shipment.outbox)];
  const mailer = order.consumers.find(({ promise }) => promise.name === MAILER);
  const own = [
    ...judgeState(row, lastSequence(order.outbox), events.at(-1)?.data['status']),
    ...judgeTold(told, events),
    ...judgeHistory(events),
    ...(outside ? judgeShipment({ isShippable, order: events, shipment: shipped, ...outside }) : []),
    ...(outside && mailer ? judgeMails(events, mailer.rows, outside.messages) : []),
  ];
  return [...findings, ...own.map(found), ...judgeAggregate(order), ...judgeAggregate(shipment)];
}

/** State and events are one: neither is ahead of the other. */
function judgeState(row: Row, head: number, status: unknown): Pick<Finding, 'kind' | 'detail'>[] {
  const [version, its] = [Number(row['version']), String(row['status'])];
  if (version !== head) return [{ kind: 'lost', detail: `at version ${version}, its head is at ${head}` }];
  return its === status ? [] : [{ kind: 'lost', detail: `is ${its}, its last event says ${String(status)}` }];
}
