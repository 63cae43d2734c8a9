import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import fc from 'fast-check';
import { MathQueries } from './queries';

const MINUTE_MS = 60_000;

type Row = readonly (number | undefined)[];

const metric = (Id: string, Period = 60): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace: 'N', MetricName: Id.toUpperCase() }, Period, Stat: 'Sum' },
});

const rowOf = (points: ReadonlyMap<number, number>, length: number): Row =>
  Array.from({ length }, (_, index) => points.get(index * MINUTE_MS));

/** What an expression makes of metrics that are given minute by minute; lists as rows by label. */
function compute(expression: string, rows: Readonly<Record<string, Row>>): unknown {
  const length = Math.max(0, ...Object.values(rows).map((row) => row.length));
  const queries = [...Object.keys(rows).map((id) => metric(id)), { Id: 'result', Expression: expression, Period: 60 }];
  const grid = { starts: Array.from({ length }, (_, index) => index * MINUTE_MS), periodMs: MINUTE_MS };
  const value = new MathQueries('GetMetricData', queries).valueOf('result', grid, ({ Id = '' }) => {
    const points = (rows[Id] ?? []).map((each, index) => [index * MINUTE_MS, each] as const);
    return new Map(points.flatMap(([at, each]) => (each === undefined ? [] : [[at, each] as const])));
  });
  if (value.kind === 'scalar') return value.value;
  if (value.kind === 'series') return rowOf(value.series.points, length);
  return Object.fromEntries(value.list.map(({ label, points }) => [label, rowOf(points, length)]));
}

const _ = undefined;

describe('metric math', () => {
  // The tables of the user guide, "Using metric math": comparison operators, then IF expressions.
  const compared = { metric1: [30, 20, 0, 0], metric2: [20, _, 20, _] };
  const ifs = { metric1: [1, 1, 0, 0, _], metric2: [30, _, 0, 0, 30], metric3: [0, 0, 20, _, 20] };
  it.each<[string, Readonly<Record<string, Row>>, Row]>([
    ['(metric1 < metric2)', compared, [0, 0, 1, 0]],
    ['(metric1 >= 30)', compared, [1, 0, 0, 0]],
    ['(metric1 > 15 AND metric2 > 15)', compared, [1, 0, 0, 0]],
    ['IF(metric1, metric2, metric3)', ifs, [30, 0, 20, _, _]],
    ['IF(metric1, 5, metric3)', ifs, [5, 5, 20, _, _]],
    ['IF(metric1, metric2, 5)', ifs, [30, 0, 5, 5, _]],
  ])('%s is what the user guide says', (expression, rows, expected) => {
    expect(compute(expression, rows)).toEqual(expected);
  });

  const two = { m1: [1, _, 4, _], m2: [2, 3, 0, _] };
  it.each<[string, unknown]>([
    ['m1 + m2', [3, 3, 4, _]],
    ['100 * m1 / m2', [50, 0, _, _]],
    ['-m1 ^ 2', [-1, _, -16, _]],
    ['1 + 2 * m1 - 3', [0, _, 6, _]],
    ['m1 == 1 || m2 == 3', [1, 1, 0, _]],
    ['[m1, m2] * 10', { M1: [10, _, 40, _], M2: [20, 30, 0, _] }],
    ['SUM(METRICS())', [3, 3, 4, _]],
    ['SUM(METRICS("m2"))', [2, 3, 0, _]],
    ['SUM([METRICS("m1"), METRICS("m2")])', [3, 3, 4, _]],
    ['AVG([m1, m2])', [1.5, 1.5, 2, _]],
    ['MAX(METRICS())', [2, 3, 4, _]],
    ['MIN(METRICS())', [1, 3, 0, _]],
    ['m1 / SUM(m1)', [0.2, _, 0.8, _]],
    ['m1 * 0 + AVG(m1)', [1.25, _, 1.25, _]],
    ['TIME_SERIES(DATAPOINT_COUNT(m1))', [2, 2, 2, 2]],
    ['FILL(m1, 0)', [1, 0, 4, 0]],
    ['FILL(m1, REPEAT)', [1, 1, 4, 4]],
    ['FILL(m1, LINEAR)', [1, 2.5, 4, _]],
    ['FILL(m1, m2)', [1, 3, 4, _]],
    ['m1 / PERIOD(m1)', [1 / 60, _, 4 / 60, _]],
    ['DIFF(m1)', [_, _, 3, _]],
    ['DIFF_TIME(m1)', [_, _, 120, _]],
    ['RATE(m1)', [_, _, 3 / 120, _]],
    ['RUNNING_SUM(m1)', [1, _, 5, _]],
    ['ABS(-m1) + CEIL(m1 / 3) + FLOOR(m1 / 3)', [1 + 1 + 0, _, 4 + 2 + 1, _]],
    ['LOG10(m2 * 50)', [2, Math.log10(150), _, _]],
    ['FIRST(SORT(METRICS(), SUM, ASC))', [1, _, 4, _]],
    ['SLICE(SORT(METRICS(), MAX, DESC), 0, 1)', { M1: [1, _, 4, _] }],
    ['m1 / METRIC_COUNT(METRICS())', [0.5, _, 2, _]],
    ['MINUTE(m1)', [0, 1, 2, 3]],
    ['IF(DAY(m1) < 6, m1)', [1, 0, 4, 0]],
    ['IF(1, m1, m2)', [1, _, 4, _]],
    ['REMOVE_EMPTY([m1, m2 / 0])', { M1: [1, _, 4, _] }],
  ])('%s', (expression, expected) => {
    expect(compute(expression, two)).toEqual(expected);
  });

  it.each([
    ['m1 +', 'Unexpected end of the expression'],
    ['m1 % 2', "Invalid syntax at '% 2'"],
    ['m1 m2', "Invalid syntax at 'm2'"],
    ['SUM(m1', "The expression ends where ')' is expected"],
    ['m3 + 1', "Undefined variable 'm3'"],
    ['result + 1', 'The expression refers to itself'],
    ['constructor(m1)', "Unsupported function 'constructor'"],
    ['sum(m1)', "Unsupported function 'sum'"],
    ['SUM(1)', "Unsupported operand type(s) for SUM: '[Scalar]'"],
    ['SUM(m1, m2)', "The function 'SUM' takes 1 argument(s), and not 2"],
    ['FILL(m1, LAST)', "The function 'FILL' takes one of REPEAT, LINEAR"],
    ['PERIOD(m1 + m2)', "The function 'PERIOD' takes the id of a metric"],
    ['"m1"', 'Unexpected string "m1"'],
  ])('refuses %s: %s', (expression, problem) => {
    const refused = () => compute(expression, two);
    expect(refused).toThrow(`Error in expression 'result': ${problem}`);
  });

  it.each(['SEARCH("x", "Sum")', 'ANOMALY_DETECTION_BAND(m1, 2)', 'SERVICE_QUOTA(m1)', 'SELECT AVG(x) FROM y'])(
    'names %s as what is not run',
    (expression) => {
      const refused = () => compute(expression, two);
      expect(refused).toThrow(expect.objectContaining({ code: 'UnsupportedOperation' }));
    },
  );

  it('refuses metrics of different periods in one expression', () => {
    const queries = [metric('m1'), metric('m2', 300), { Id: 'e', Expression: 'm1 + m2' }];
    expect(() => new MathQueries('PutMetricAlarm', queries).periodMs('e')).toThrow('different periods');
  });

  it('computes chains of expressions once each', () => {
    const chain = Array.from({ length: 60 }, (__, index) => ({
      Id: `e${index}`,
      Expression: index === 0 ? 'm1 + m1' : `e${index - 1} + e${index - 1}`,
    }));
    const grid = { starts: [0], periodMs: MINUTE_MS };
    const value = new MathQueries('x', [metric('m1'), ...chain]).valueOf('e59', grid, () => new Map([[0, 1]]));
    expect(value).toMatchObject({ kind: 'series', series: { points: new Map([[0, 2 ** 60]]) } });
  });

  it('never loses a datapoint to a missing one of a sum, and fills every gap', () => {
    const row = fc.array(fc.option(fc.integer({ min: -50, max: 50 }), { nil: undefined }), {
      minLength: 5,
      maxLength: 5,
    });
    fc.assert(
      fc.property(row, row, (m1, m2) => {
        const expected = m1.map((value, at) => (value === _ && m2[at] === _ ? _ : (value ?? 0) + (m2[at] ?? 0)));
        expect(compute('m1 + m2', { m1, m2 })).toEqual(expected);
        expect(compute('FILL(m1, 7)', { m1, m2 })).toEqual(m1.map((value) => value ?? 7));
      }),
    );
  });
});
