/**
 * Returns what all of them return. When one fails, the others are waited for before its error is thrown: whoever tidies up,
 * or gives a lock back, must not do it while they still work.
 */
export async function sideBySide<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
