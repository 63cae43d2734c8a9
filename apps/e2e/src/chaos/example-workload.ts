import type { Finding } from './finding';
import type { Workload } from './workload';

/** What one client of the example was told. */
export interface AcceptedAccount {
  readonly accountId: string;
  readonly version: number;
}

/** Compares what clients were told with what the tables hold. */
export type CompareAccounts = (accepted: readonly AcceptedAccount[]) => Promise<Finding[]>;

/** The harness on handlers of one's own: accounts that are opened. The example of docs/reference/chaos.md. */
export function accountWorkload(compareTables: CompareAccounts): Workload<AcceptedAccount> {
  const accounts: Workload<AcceptedAccount> = {
    run: async (index, client, random) => {
      const opened = await client.send(
        {
          method: 'POST',
          path: '/accounts',
          body: { owner: `o-${index}` },
          headers: { 'idempotency-key': `open-${index}` },
        },
        random,
      );
      return { accountId: String(opened.body['accountId']), version: 1 };
    },
    judge: async (accepted) => ({ totals: { accounts: accepted.length }, findings: await compareTables(accepted) }),
  };
  return accounts;
}
