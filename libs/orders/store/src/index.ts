/** Orders in DynamoDB: state and event in one transaction, requests known again. */
export { CorruptOrder, orderPk } from './order-item';
export {
  isSpent,
  RECENT_REQUESTS,
  withChange,
  type OrderRecord,
  type RequestMark,
  type VersionedMark,
} from './order-record';
export { createOrderStore, type Committed, type OrderStore, type OrderStoreOptions } from './order-store';
