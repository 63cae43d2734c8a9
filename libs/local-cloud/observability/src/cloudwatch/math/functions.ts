import { own, unsupported } from '@outbox/local-cloud-kernel';
import { asSeries, choose } from './condition';
import type { Expression } from './expression';
import { fill, type Filling } from './fill';
import { SCALARS, SERIES_CHANGES, summarise, TIMES } from './series-functions';
import { kindOf, list, MathError, pointsOf, scalar, type Grid, type MathValue, type TimeSeries } from './values';

/** What a function may ask of the request it stands in. */
export interface MathScope {
  readonly grid: Grid;
  /** The request's metrics without its expressions, in order. */
  readonly metrics: () => readonly { readonly id: string; readonly series: TimeSeries }[];
  readonly evaluate: (expression: Expression) => MathValue;
}

/** What AWS has and is not run. Source: CloudWatch user guide, "Functions supported for metric math". */
const REFUSED = [
  'ANOMALY_DETECTION_BAND',
  'DB_PERF_INSIGHTS',
  'INSIGHT_RULE_METRIC',
  'LAMBDA',
  'SEARCH',
  'SERVICE_QUOTA',
];

/** What of an expression is AWS's and not run, such as `SEARCH(` or `SELECT`; undefined for one that is run. */
export function refusedPart(expression: string): string | undefined {
  return new RegExp(`^\\s*SELECT\\b|\\b(?:${REFUSED.join('|')})\\s*\\(`, 'i').exec(expression)?.[0].trim();
}

/**
 * The value of a call. Source: CloudWatch user guide, "Functions supported for metric math".
 * @throws MathError for a function that AWS doesn't have, and for arguments it doesn't take
 * @throws AwsError UnsupportedOperation for one that AWS has
 */
export function call(name: string, args: readonly Expression[], scope: MathScope): MathValue {
  if (REFUSED.includes(name)) throw unsupported('cloudwatch', 'metric math', `the function ${name}`);
  const change = own(SERIES_CHANGES, name);
  if (change) return each(only(name, args, scope), name, change);
  const ofTime = own(TIMES, name);
  if (ofTime) {
    const { label } = seriesOf(name, only(name, args, scope));
    return { kind: 'series', series: { label, points: pointsOf(scope.grid.starts.map((at) => [at, ofTime(at)])) } };
  }
  const toScalar = own(SCALARS, name);
  if (toScalar) return summarise(toScalar, only(name, args, scope), name, scope.grid);
  const special = own(SPECIAL, name);
  if (!special) throw new MathError(`Unsupported function '${name}'`);
  return special(name, args, scope);
}

type Special = (name: string, args: readonly Expression[], scope: MathScope) => MathValue;

const SPECIAL: Readonly<Record<string, Special>> = {
  FILL: (name, args, { grid, evaluate }) => {
    const [filled, filling] = exactly(name, args, 2, 2);
    const how: Filling =
      filling?.kind === 'word' ? wordOf(name, filling, ['REPEAT', 'LINEAR'] as const) : value(filling, evaluate);
    return each(value(filled, evaluate), name, (series) => fill(grid, series, how));
  },
  FIRST: (name, args, scope) => ({ kind: 'series', series: elementOf(name, args, scope, 0) }),
  IF: (name, args, { grid, evaluate }) => {
    const [condition, whenTrue, whenFalse] = exactly(name, args, 2, 3);
    const last = whenFalse === undefined ? undefined : evaluate(whenFalse);
    return choose(grid, value(condition, evaluate), value(whenTrue, evaluate), last);
  },
  LAST: (name, args, scope) => ({ kind: 'series', series: elementOf(name, args, scope, -1) }),
  METRIC_COUNT: (name, args, scope) => scalar(listOf(name, only(name, args, scope)).length),
  METRICS: (name, args, { metrics }) => {
    const [part] = exactly(name, args, 0, 1);
    if (part !== undefined && part.kind !== 'text') throw new MathError("The function 'METRICS' takes a string");
    const wanted = part?.value ?? '';
    return list(metrics().flatMap(({ id, series }) => (id.includes(wanted) ? [series] : [])));
  },
  PERIOD: (name, args, scope) => {
    const [metric] = exactly(name, args, 1, 1);
    const isMetric = metric?.kind === 'id' && scope.metrics().some(({ id }) => id === metric.name);
    if (!isMetric) throw new MathError("The function 'PERIOD' takes the id of a metric");
    return scalar(scope.grid.periodMs / 1000);
  },
  REMOVE_EMPTY: (name, args, scope) =>
    list(listOf(name, only(name, args, scope)).filter(({ points }) => points.size > 0)),
  SLICE: (name, args, { evaluate }) => {
    const [sliced, from, to] = exactly(name, args, 2, 3);
    const end = to === undefined ? undefined : scalarOf(name, evaluate(to));
    return list(listOf(name, value(sliced, evaluate)).slice(scalarOf(name, value(from, evaluate)), end));
  },
  SORT: (name, args, { grid, evaluate }) => {
    const [sorted, by, order, limit] = exactly(name, args, 3, 4);
    const measure = SCALARS[wordOf(name, by, ['AVG', 'MIN', 'MAX', 'SUM'] as const)];
    const sign = wordOf(name, order, ['ASC', 'DESC'] as const) === 'ASC' ? 1 : -1;
    const weight = ({ points }: TimeSeries): number => measure?.([...points.values()], grid.starts.length) ?? 0;
    const inOrder = [...listOf(name, value(sorted, evaluate))].sort((a, b) => sign * (weight(a) - weight(b)));
    return list(inOrder.slice(0, limit === undefined ? undefined : scalarOf(name, evaluate(limit))));
  },
  TIME_SERIES: (name, args, scope) => {
    const given = only(name, args, scope);
    return { kind: 'series', series: asSeries(scope.grid, scalar(scalarOf(name, given))) };
  },
};

function exactly(name: string, args: readonly Expression[], min: number, max: number): readonly Expression[] {
  if (args.length >= min && args.length <= max) return args;
  const count = min === max ? String(min) : `${min} to ${max}`;
  throw new MathError(`The function '${name}' takes ${count} argument(s), and not ${args.length}`);
}

function only(name: string, args: readonly Expression[], { evaluate }: MathScope): MathValue {
  return value(exactly(name, args, 1, 1)[0], evaluate);
}

/** The value of an argument whose being there was checked. */
function value(argument: Expression | undefined, evaluate: MathScope['evaluate']): MathValue {
  if (!argument) throw new Error('the number of arguments was not checked');
  return evaluate(argument);
}

function wordOf<W extends string>(name: string, argument: Expression | undefined, known: readonly W[]): W {
  const word = known.find((each) => argument?.kind === 'word' && argument.name === each);
  if (word === undefined) throw new MathError(`The function '${name}' takes one of ${known.join(', ')}`);
  return word;
}

function elementOf(name: string, args: readonly Expression[], scope: MathScope, index: 0 | -1): TimeSeries {
  return listOf(name, only(name, args, scope)).at(index) ?? { label: '', points: new Map() };
}

function each(given: MathValue, name: string, change: (series: TimeSeries) => TimeSeries): MathValue {
  if (given.kind === 'list') return list(given.list.map(change));
  return { kind: 'series', series: change(seriesOf(name, given)) };
}

function seriesOf(name: string, given: MathValue): TimeSeries {
  if (given.kind === 'series') return given.series;
  throw new MathError(`Unsupported operand type(s) for ${name}: '[${kindOf(given)}]'`);
}

function listOf(name: string, given: MathValue): readonly TimeSeries[] {
  if (given.kind === 'list') return given.list;
  throw new MathError(`Unsupported operand type(s) for ${name}: '[${kindOf(given)}]'`);
}

function scalarOf(name: string, given: MathValue): number {
  if (given.kind === 'scalar') return given.value;
  throw new MathError(`Unsupported operand type(s) for ${name}: '[${kindOf(given)}]'`);
}
