/** Orders: what may be asked, and what an order may become. Pure. */
export { changeOrder, type ChangedOrder } from './change-order';
export { currencies, decimalsOf } from './currency';
export { formatAmount, parseAmount, type ParsedAmount } from './money';
export {
  MAX_VERSION,
  type ChangeOrder,
  type ItemRequest,
  type Order,
  type OrderItem,
  type OrderStatus,
  type PlaceOrder,
  type Violation,
} from './order';
export { placeOrder, type PlacedOrder } from './place-order';
export { MAX_ITEMS, parseChangeOrder, parsePlaceOrder, REQUEST_SCHEMAS, type ParsedRequest } from './requests';
export { nextStatuses } from './transitions';
