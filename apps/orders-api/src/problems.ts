import type { Problem } from '@outbox/function-kit';
import type { ChangedOrder } from '@outbox/orders-domain';
import { order } from '@outbox/orders-events';
import { commandProblems } from '@outbox/outbox-commands';

type Refused<K extends ChangedOrder['kind']> = Extract<ChangedOrder, { kind: K }>;

/** Every problem this function answers with; the stable `kind`s are documented in the API's contract. */
export const problems = {
  ...commandProblems(order.aggregateType),
  illegalTransition: ({ from, to, allowed }: Refused<'illegal-transition'>): Problem => ({
    kind: 'illegal-transition',
    status: 409,
    title: 'An order can’t go there from its state',
    detail: `${from} to ${to}; from ${from} it can go to ${allowed.length > 0 ? allowed.join(' or ') : 'no other state'}`,
  }),
  itemsFixed: ({ status }: Refused<'items-fixed'>): Problem => ({
    kind: 'items-fixed',
    status: 409,
    title: 'Items can change only while an order is PLACED',
    detail: `it is ${status}`,
  }),
  tooManyChanges: (): Problem => ({
    kind: 'too-many-changes',
    status: 409,
    title: 'The order has been changed too often',
  }),
} as const;

/** Why an order wasn't changed. */
export function refusalOf(result: Exclude<ChangedOrder, { kind: 'changed' }>): Problem {
  switch (result.kind) {
    case 'illegal-transition':
      return problems.illegalTransition(result);
    case 'items-fixed':
      return problems.itemsFixed(result);
    case 'too-many-changes':
      return problems.tooManyChanges();
    case 'invalid':
      return problems.invalid(result.violations);
  }
}
