/** The forms of ids that commands give: UUIDv7, or UUIDv8 of an Idempotency-Key. */
const COMMAND_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[78][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether a command can have made an aggregate with this id. */
export function isCommandId(text: string): boolean {
  return COMMAND_ID.test(text);
}
