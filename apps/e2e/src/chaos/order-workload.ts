import type { AcceptedOrder } from './accepted-order';
import type { ImportJob } from './import-job';
import { ImportClient } from './import-client';
import { judgeOutside } from './judge-outside';
import { OrderClient } from './order-client';
import { judgeTables, type OrderJudgeOptions } from './order-judge';
import { reconcile, type ReconcileCommand } from './reconcile';
import { repeatedEffects } from './repeated-effects';
import type { Workload } from './workload';

export interface OrderWorkloadOptions extends OrderJudgeOptions {
  readonly reconcile: ReconcileCommand;
  /** Where every so many orders come from instead of the API. */
  readonly importJob: ImportJob;
  /** How clients wait between what they do; real time unless given. */
  readonly sleep?: ((ms: number) => Promise<unknown>) | undefined;
}

/** Every so many orders one is imported. */
const IMPORT_EVERY = 6;

/**
 * The order example: customers place and change orders, a job imports and changes others; judged by the tables, the
 * consumers' logs, the partners and `outboxctl`.
 */
export function orderWorkload(options: OrderWorkloadOptions): Workload<AcceptedOrder> {
  const { runName, clients, stack, cloud, importJob, sleep } = options;
  const startedAt = new Date().toISOString();
  const nameOf = (index: number): string => `${runName}-${String(index).padStart(6, '0')}`;
  return {
    run: (index, client, random) =>
      index % IMPORT_EVERY === IMPORT_EVERY - 1
        ? new ImportClient(importJob, random, nameOf(index), sleep).run()
        : new OrderClient(client, random, nameOf(index), sleep).run(),
    judge: async (accepted) => {
      const outside = await options.partners?.log(startedAt);
      const { totals, findings } = await judgeTables(options, accepted, outside);
      const ids = new Set(accepted.map(({ orderId }) => orderId));
      const repeated = await repeatedEffects(clients.logs, stack);
      return {
        totals: {
          'orders accepted': ids.size,
          ...totals,
          ...(outside === undefined
            ? {}
            : {
                bookings: outside.bookings.length,
                refusals: outside.refusals.length,
                mails: outside.messages.length,
              }),
        },
        findings: [
          ...findings,
          ...repeated.filter(({ subject }) => ids.has(subject)),
          ...(outside === undefined ? [] : judgeOutside(outside, ids)),
          ...(await reconcile(options.reconcile, cloud, (orderId) => ids.has(orderId))),
        ],
      };
    },
  };
}
