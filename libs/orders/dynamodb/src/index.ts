/** Orders in DynamoDB: a table of their own, without anything of the outbox. */
export {
  checkOrder,
  loadOrder,
  parseOrder,
  putNewOrder,
  unmarshalOrder,
  updateOrder,
  type OrdersTable,
  type StoredOrder,
} from './order-item';
