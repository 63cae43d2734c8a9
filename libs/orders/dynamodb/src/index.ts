/** Orders in DynamoDB: state and event in one transaction, requests known again. */
export {
  isOrder,
  ORDER_SUMMARY_ATTRIBUTES,
  orderIdOf,
  orderKey,
  orderPk,
  readOrderSummary,
  type OrderSummary,
} from './order-item';
export {
  isSpent,
  RECENT_REQUESTS,
  withChange,
  type OrderRecord,
  type RequestMark,
  type VersionedMark,
} from './order-record';
export {
  createOrderStore,
  loadOrderSummary,
  type Committed,
  type OrderStore,
  type OrderStoreOptions,
} from './order-store';
