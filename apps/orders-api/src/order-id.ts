/** The forms an order's id is given in: UUIDv7, or UUIDv8 of an Idempotency-Key. */
const ORDER_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[78][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether an order can have this id. What can't be one is not looked up: a path may be longer than any key. */
export function isOrderId(text: string | undefined): text is string {
  return text !== undefined && ORDER_ID.test(text);
}
