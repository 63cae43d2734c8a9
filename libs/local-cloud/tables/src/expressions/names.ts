import type { Condition, Operand } from './ast';

/** The attributes a condition names. */
export function* namesIn(condition: Condition): Generator<string> {
  switch (condition.kind) {
    case 'and':
    case 'or':
      yield* namesIn(condition.left);
      yield* namesIn(condition.right);
      return;
    case 'not':
      yield* namesIn(condition.of);
      return;
    case 'compare':
      yield* namesOf([condition.left, condition.right]);
      return;
    case 'between':
      yield* namesOf([condition.operand, condition.lower, condition.upper]);
      return;
    case 'in':
      yield* namesOf([condition.operand, ...condition.list]);
      return;
    case 'function':
      yield* namesOf(condition.operands);
  }
}

function* namesOf(operands: readonly Operand[]): Generator<string> {
  for (const operand of operands) {
    if (operand.kind === 'path') yield operand.path[0];
    else if (operand.kind === 'size') yield* namesOf([operand.of]);
  }
}
