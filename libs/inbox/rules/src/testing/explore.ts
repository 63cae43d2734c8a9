/** A step that a state allows. */
export interface Move<S> {
  /** What happens, in plain words. */
  readonly label: string;
  readonly next: S;
  /** Something goes wrong, or comes at a bad moment. States must be able to end well without such steps. */
  readonly isFault: boolean;
  /** What the step breaks. */
  readonly violation?: string;
}

/** What is explored: a start, the steps of each state, and when everything has come to its end. */
export interface Model<S> {
  readonly start: S;
  /** The same for states that behave alike. */
  keyOf(state: S): string;
  movesOf(state: S): readonly Move<S>[];
  isOver(state: S): boolean;
  describe(state: S): string;
}

/** How much was explored. */
export interface Explored {
  readonly states: number;
  readonly steps: number;
}

/** A rule that was broken, with the shortest way there. */
export class BrokenRuleError extends Error {
  override readonly name = 'BrokenRuleError';
}

function brokenRule(what: string, way: readonly string[], before: string): BrokenRuleError {
  const lines = way.map((label, index) => `${String(index + 1).padStart(3)}. ${label}`);
  return new BrokenRuleError([what, ...lines, `before: ${before}`].join('\n'));
}

/** More than any of our models has: one that goes on for longer repeats something without end. */
const MAX_STATES = 1_000_000;

/**
 * Visits every state that can be reached from the start, nearest first, and tries every step of each.
 * @throws BrokenRuleError if a step breaks a rule, if from some state the end can't be reached without further faults, or
 * if there are more than a million states
 */
export function explore<S>(model: Model<S>): Explored {
  const states: S[] = [model.start];
  const numbers = new Map([[model.keyOf(model.start), 0]]);
  /** How each state was first reached. */
  const reachedBy: { readonly from: number; readonly label: string }[] = [{ from: 0, label: '' }];
  /** Ends of the steps without a fault. */
  const froms: number[] = [];
  const tos: number[] = [];
  let steps = 0;

  const broken = (what: string, at: number, last: readonly string[] = []): BrokenRuleError => {
    const way: string[] = [...last];
    for (let number = at; number !== 0; number = reachedBy[number]?.from ?? 0) {
      way.unshift(reachedBy[number]?.label ?? '');
    }
    return brokenRule(what, way, model.describe(states[at] ?? model.start));
  };

  for (let from = 0; from < states.length; from += 1) {
    if (states.length > MAX_STATES) throw broken('there is no end to the states', states.length - 1);
    for (const { label, next, isFault, violation } of model.movesOf(states[from] ?? model.start)) {
      steps += 1;
      if (violation !== undefined) throw broken(violation, from, [label]);
      const key = model.keyOf(next);
      let to = numbers.get(key);
      if (to === undefined) {
        to = states.push(next) - 1;
        numbers.set(key, to);
        reachedBy.push({ from, label });
      }
      if (isFault) continue;
      froms.push(from);
      tos.push(to);
    }
  }

  const isWell = whichReach(
    states.map((state) => model.isOver(state)),
    froms,
    tos,
  );
  const stuck = isWell.indexOf(0);
  if (stuck >= 0) throw broken('from here it never comes to a good end, though nothing more goes wrong', stuck);
  return { states: states.length, steps };
}

/** Far more than any of our models takes to come to its end without further faults. */
const MAX_STEPS_TO_END = 2_000;

/**
 * Takes one way through a model too large to visit all of: at each state the step that the next choice picks, then, once
 * there are no more choices, steps without faults until everything has come to its end.
 * @param choices any natural numbers
 * @throws BrokenRuleError if a step breaks a rule, or the end isn't reached
 */
export function walk<S>(model: Model<S>, choices: readonly number[]): void {
  const way: string[] = [];
  let state = model.start;
  const broken = (what: string): BrokenRuleError => brokenRule(what, way, model.describe(state));
  for (let step = 0; step < choices.length + MAX_STEPS_TO_END; step += 1) {
    if (step >= choices.length && model.isOver(state)) return;
    const moves = model.movesOf(state).filter(({ isFault }) => step < choices.length || !isFault);
    const move = moves[(choices[step] ?? step) % Math.max(1, moves.length)];
    if (!move) {
      if (model.isOver(state)) return;
      throw broken('from here it never comes to a good end, though nothing more goes wrong');
    }
    way.push(move.label);
    if (move.violation !== undefined) throw broken(move.violation);
    state = move.next;
  }
  throw broken(`no end after ${MAX_STEPS_TO_END} steps without a fault`);
}

/** For each state whether one of the goals can be reached from it. */
function whichReach(isGoal: readonly boolean[], froms: readonly number[], tos: readonly number[]): Uint8Array {
  // The steps into each state lie next to each other, up to `ends` of the state.
  const ends = new Uint32Array(isGoal.length + 1);
  for (const to of tos) ends[to + 1] = (ends[to + 1] ?? 0) + 1;
  for (let state = 0; state < isGoal.length; state += 1) ends[state + 1] = (ends[state + 1] ?? 0) + (ends[state] ?? 0);
  const filled = ends.slice();
  const before = new Uint32Array(froms.length);
  for (const [index, from] of froms.entries()) {
    const to = tos[index] ?? 0;
    const place = filled[to] ?? 0;
    before[place] = from;
    filled[to] = place + 1;
  }
  const reaches = Uint8Array.from(isGoal, Number);
  const open = [...isGoal.keys()].filter((state) => isGoal[state]);
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const from of before.subarray(ends[state] ?? 0, ends[state + 1] ?? 0)) {
      if (reaches[from] === 1) continue;
      reaches[from] = 1;
      open.push(from);
    }
  }
  return reaches;
}
