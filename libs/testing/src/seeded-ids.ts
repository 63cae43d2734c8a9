/** Reproducible UUIDv7-shaped ids: the same seed gives the same sequence, different seeds never meet. */
export function createSeededIds(seed = 1): { next(): string } {
  let count = 0;
  return {
    next: () => {
      count += 1;
      const head = count.toString(16).padStart(12, '0');
      const tail = seed.toString(16).padStart(12, '0');
      return `${head.slice(0, 8)}-${head.slice(8)}-7000-8000-${tail}`;
    },
  };
}
