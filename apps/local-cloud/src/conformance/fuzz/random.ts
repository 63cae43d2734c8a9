/** A repeatable source of choices: the same seed gives the same requests. */
export interface Random {
  /** 0 or more, less than `below`. */
  int(below: number): number;
  chance(probability: number): boolean;
  /** @throws when there is nothing to choose from */
  pick<T>(from: readonly T[]): T;
}

/** Mulberry32: 32 bits of state are plenty for choosing among malformed requests. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return {
    int,
    chance: (probability) => next() < probability,
    pick: (from) => {
      if (from.length === 0) throw new RangeError('nothing to choose from');
      return from[int(from.length)] as (typeof from)[number];
    },
  };
}
