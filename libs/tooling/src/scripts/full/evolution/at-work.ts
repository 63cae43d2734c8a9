import { startClients, type ClientReport } from '../../order-clients.ts';

/** Orders that are placed while something changes, and after it. */
const ordersMeanwhile = 10;

/** One is enough: what lies there already makes the load. */
const customers = 1;

/** Has customers place and confirm orders while `work` is done, and some more afterwards; returns what they did. */
export async function whileAtWork(endpoint: string, work: () => Promise<unknown>): Promise<ClientReport> {
  const during = startClients(endpoint, customers);
  try {
    await work();
    await during.placed(ordersMeanwhile);
  } finally {
    await during.stop();
  }
  const since = startClients(endpoint, customers);
  await since.placed(ordersMeanwhile);
  const [first, last] = [await during.stop(), await since.stop()];
  return {
    ...last,
    placed: first.placed + last.placed,
    changed: first.changed + last.changed,
    refused: [...first.refused, ...last.refused],
  };
}
