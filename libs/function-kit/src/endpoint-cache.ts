/** An endpoint that DynamoDB named, and for how long it holds. */
interface NamedEndpoint {
  readonly Address: string;
  readonly CachePeriodInMinutes: number;
}

interface CachedEndpoint {
  readonly Address: string;
  readonly Expires: number;
}

/**
 * Stands in for `@aws-sdk/endpoint-cache` in the bundle of a function, with the same methods on a Map: the original brings
 * a library for its list of least recently used, for endpoints that DynamoDB would have to be asked for, which is off.
 */
export class EndpointCache {
  readonly #endpoints = new Map<string, readonly CachedEndpoint[]>();

  getEndpoint(key: string): string | undefined {
    return this.get(key)?.[0]?.Address;
  }

  get(key: string): readonly CachedEndpoint[] | undefined {
    const now = Date.now();
    const valid = (this.#endpoints.get(key) ?? []).filter(({ Expires }) => now < Expires);
    if (valid.length > 0) return valid;
    this.#endpoints.delete(key);
    return undefined;
  }

  set(key: string, endpoints: readonly NamedEndpoint[]): void {
    const now = Date.now();
    const cached = endpoints.map(({ Address, CachePeriodInMinutes }) => ({
      Address,
      Expires: now + CachePeriodInMinutes * 60_000,
    }));
    this.#endpoints.set(key, cached);
  }

  delete(key: string): void {
    this.#endpoints.delete(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  clear(): void {
    this.#endpoints.clear();
  }
}
