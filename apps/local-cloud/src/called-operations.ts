/** Operations of AWS that were called over the wire, by account and service, each with how often. */
export type CallCounts = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;

/** Counts what clients call, run or refused: what a stack needs of AWS is what it was seen to call. */
export class CalledOperations {
  readonly #counts = new Map<string, Map<string, Map<string, number>>>();

  add(accountId: string, service: string, operation: string): void {
    const services = entry(this.#counts, accountId, () => new Map<string, Map<string, number>>());
    const operations = entry(services, service, () => new Map<string, number>());
    operations.set(operation, (operations.get(operation) ?? 0) + 1);
  }

  /** Since the start of the process. */
  counts(): CallCounts {
    return Object.fromEntries(
      [...this.#counts].map(([account, services]) => [
        account,
        Object.fromEntries([...services].map(([service, operations]) => [service, Object.fromEntries(operations)])),
      ]),
    );
  }
}

function entry<V>(map: Map<string, V>, key: string, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
