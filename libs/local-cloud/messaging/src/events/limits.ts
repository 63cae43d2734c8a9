import { constraint } from './errors';

/** Items of one page, unless fewer are asked for, and at most (EventBridge API reference, every List… operation). */
const PAGE = 100;

/** @throws AwsError ValidationException for a `Limit` out of range */
export function pageLimit(asked: number | undefined): number {
  if (asked === undefined) return PAGE;
  if (asked < 1) throw constraint(String(asked), 'limit', 'Member must have value greater than or equal to 1');
  if (asked > PAGE) throw constraint(String(asked), 'limit', `Member must have value less than or equal to ${PAGE}`);
  return asked;
}
