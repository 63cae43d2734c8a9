/** `make`, called when its result is first asked for: what most invocations don't need takes no time of a cold start. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
