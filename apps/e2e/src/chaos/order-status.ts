/** Where an order may go from each status, as the API's documentation says. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  PLACED: ['CONFIRMED', 'CANCELLED'],
  CONFIRMED: ['SHIPPED', 'CANCELLED'],
  SHIPPED: ['DELIVERED'],
};

/** Empty where an order stays for good. */
export function nextStatuses(status: string): readonly string[] {
  return NEXT[status] ?? [];
}

/** The body of a change: another status, or other items. */
export interface OrderChange {
  readonly status?: string;
  readonly items?: readonly unknown[];
}

/** Whether an order of that status may be changed so. */
export function isLegal(status: string, change: OrderChange): boolean {
  if (change.items !== undefined && status !== 'PLACED') return false;
  return change.status === undefined || nextStatuses(status).includes(change.status);
}
