/** The contract between the outbox and whoever consumes its events. */
export { CATALOGUE, type OrderEvent } from './catalogue';
export { ORDER_CREATED_V1, type OrderCreatedV1 } from './order-created.v1';
export { ORDER_STATUSES, orderSnapshotV1, type OrderSnapshotV1 } from './order-snapshot.v1';
export { ORDER_UPDATED_V1, type OrderUpdatedV1 } from './order-updated.v1';
export { recogniseOrderEvent, type RecognisedOrderEvent } from './recognise';
export { ORDER_EVENT_SOURCE } from './source';
