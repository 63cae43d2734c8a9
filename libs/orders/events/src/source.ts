/** Where every event of this project comes from: CloudEvents `source`, and `source` of its EventBridge envelope. */
export const ORDER_EVENT_SOURCE = 'orders';
