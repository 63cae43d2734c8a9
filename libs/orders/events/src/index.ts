/** The events of the orders service: the contract with whoever consumes them. */
export { AGGREGATES, EVENT_SOURCE } from './aggregates';
export { order, type OrderCreated, type OrderEvent, type OrderUpdated } from './order';
export { shipment, type ShipmentEvent } from './shipment';
export { ORDER_STATUSES, orderSnapshotV1, type OrderSnapshotV1 } from './order-snapshot.v1';
