import type { Operator } from './expression';
import {
  kindOf,
  list,
  mapPoints,
  MathError,
  pointsOf,
  scalar,
  startsOf,
  type MathValue,
  type TimeSeries,
} from './values';

const truth = (value: boolean): number => (value ? 1 : 0);

/** What each operator does with two numbers; comparisons are 1 or 0. */
const OPERATORS: Readonly<Record<Operator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
  '==': (left, right) => truth(left === right),
  '!=': (left, right) => truth(left !== right),
  '<=': (left, right) => truth(left <= right),
  '>=': (left, right) => truth(left >= right),
  '<': (left, right) => truth(left < right),
  '>': (left, right) => truth(left > right),
  AND: (left, right) => truth(left !== 0 && right !== 0),
  OR: (left, right) => truth(left !== 0 || right !== 0),
};

/**
 * Applies an operator. Where one of two series has a value, the other's missing one counts as 0; where neither has, there
 * is none. Source: CloudWatch user guide, "Using metric math", "Basic arithmetic functions" and "Comparison and logical
 * operators".
 * @throws MathError for kinds of values that don't go together
 */
export function operate(operator: Operator, left: MathValue, right: MathValue): MathValue {
  const apply = OPERATORS[operator];
  if (left.kind === 'scalar' && right.kind === 'scalar') return scalar(apply(left.value, right.value));
  if (left.kind === 'series' && right.kind === 'scalar') {
    return { kind: 'series', series: mapPoints(left.series, (value) => apply(value, right.value)) };
  }
  if (left.kind === 'scalar' && right.kind === 'series') {
    return { kind: 'series', series: mapPoints(right.series, (value) => apply(left.value, value)) };
  }
  if (left.kind === 'series' && right.kind === 'series') {
    return { kind: 'series', series: zip(left.series, right.series, apply) };
  }
  return list(pairs(operator, left, right).map(([a, b]) => seriesOf(operate(operator, a, b))));
}

/** A value with its sign changed. */
export function negate(value: MathValue): MathValue {
  return operate('*', scalar(-1), value);
}

function zip(left: TimeSeries, right: TimeSeries, apply: (left: number, right: number) => number): TimeSeries {
  const points = pointsOf(
    startsOf([left, right]).map((at) => [at, apply(left.points.get(at) ?? 0, right.points.get(at) ?? 0)]),
  );
  return { label: left.label, points };
}

/** Operands of each element of the result, where one side at least is a list. */
function pairs(operator: Operator, left: MathValue, right: MathValue): readonly (readonly [MathValue, MathValue])[] {
  const [a, b] = [elementsOf(left), elementsOf(right)];
  if (a && b && a.length !== b.length) {
    const kinds = `${kindOf(left)} of ${a.length}, ${kindOf(right)} of ${b.length}`;
    throw new MathError(`Unsupported operand type(s) for ${operator}: '[${kinds}]'`);
  }
  return (a ?? b ?? []).map((_, index) => [a?.[index] ?? left, b?.[index] ?? right]);
}

function elementsOf(value: MathValue): readonly MathValue[] | undefined {
  return value.kind === 'list' ? value.list.map((series) => ({ kind: 'series', series })) : undefined;
}

function seriesOf(value: MathValue): TimeSeries {
  if (value.kind !== 'series') throw new Error('elements of a list are series');
  return value.series;
}
