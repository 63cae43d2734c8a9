import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { unsupported } from '@outbox/local-cloud-kernel';
import { constraint, missingParameter, validation } from '../errors';
import { evaluateExpression } from './evaluate';
import { functionsIn, idsIn, parseExpression, type Expression } from './expression';
import { MathError, type Grid, type MathValue, type TimeSeries } from './values';
import { MAX_EXPRESSION } from '../limits';

/** The queries of a request or an alarm: metrics, and expressions over them and over each other. */
export class MathQueries {
  readonly #byId: ReadonlyMap<string, MetricDataQuery>;
  readonly #parsed = new Map<string, Expression>();

  /**
   * @param operation what the queries are given to, for refusals
   * @throws AwsError for an expression that is none, refers to what isn't there or in a circle, or isn't run
   */
  constructor(
    private readonly operation: string,
    private readonly queries: readonly MetricDataQuery[],
  ) {
    this.#byId = new Map(queries.map((query) => [query.Id ?? '', query]));
    for (const { Id = '', Expression: text } of queries) {
      if (text !== undefined) this.#parsed.set(Id, parsed(operation, Id, text));
    }
    const checked = new Set<string>();
    for (const id of this.#parsed.keys()) this.#checkReferences(id, [], checked);
  }

  /** The period of a query in milliseconds: of an expression its own, or that of its metrics. */
  periodMs(id: string): number {
    const query = this.#byId.get(id);
    const own = query?.MetricStat?.Period ?? query?.Period;
    const periods = new Set([...this.#metricsOf(id).map(({ MetricStat }) => MetricStat?.Period), own]);
    periods.delete(undefined);
    const [period, other] = periods;
    if (period === undefined) throw missingParameter('The parameter Period is required.');
    if (other !== undefined) throw unsupported('cloudwatch', this.operation, 'an expression over different periods');
    return period * 1000;
  }

  /**
   * What a query comes to over a grid of its period. A list is what an expression over a list comes to.
   * @param read a metric's values over the grid
   * @throws AwsError where the expression's parts don't go together
   */
  valueOf(id: string, grid: Grid, read: (query: MetricDataQuery) => ReadonlyMap<number, number>): MathValue {
    const seriesOf = (query: MetricDataQuery): TimeSeries => ({ label: labelOf(query), points: read(query) });
    const metrics = () =>
      this.queries.flatMap((query) => (query.MetricStat ? [{ id: query.Id ?? '', series: seriesOf(query) }] : []));
    const compute = (name: string): MathValue => {
      const query = this.#byId.get(name);
      const expression = this.#parsed.get(name);
      if (!query) throw new Error(`no query ${name}`);
      if (!expression) return { kind: 'series', series: seriesOf(query) };
      try {
        return labelled(evaluateExpression(expression, { grid, metrics, valueOf: valueOfId }), labelOf(query));
      } catch (error) {
        throw error instanceof MathError ? inExpression(name, error.message) : error;
      }
    };
    const known = new Map<string, MathValue>();
    const valueOfId = (name: string): MathValue => {
      const value = known.get(name) ?? compute(name);
      known.set(name, value);
      return value;
    };
    return valueOfId(id);
  }

  /** The kind of value that a query comes to, whatever its metrics report. @throws AwsError as `valueOf` does */
  kindOf(id: string): MathValue['kind'] {
    return this.valueOf(id, { starts: [], periodMs: this.periodMs(id) }, () => new Map()).kind;
  }

  /** The metrics behind a query. */
  #metricsOf(id: string, seen = new Set<string>()): readonly MetricDataQuery[] {
    if (seen.has(id)) return [];
    seen.add(id);
    const expression = this.#parsed.get(id);
    const query = this.#byId.get(id);
    if (!expression) return query ? [query] : [];
    const all = functionsIn(expression).includes('METRICS') ? this.queries.filter(({ MetricStat }) => MetricStat) : [];
    return [...all, ...idsIn(expression).flatMap((each) => this.#metricsOf(each, seen))];
  }

  #checkReferences(id: string, path: readonly string[], checked: Set<string>): void {
    if (path.includes(id)) throw inExpression(id, 'The expression refers to itself');
    const expression = this.#parsed.get(id);
    if (!expression || checked.has(id)) return;
    for (const name of idsIn(expression)) {
      if (!this.#byId.has(name)) throw inExpression(id, `Undefined variable '${name}'`);
      this.#checkReferences(name, [...path, id], checked);
    }
    checked.add(id);
  }
}

/** How a result is called: by its label, else by its metric or by the id of its expression. */
export function labelOf({ Id = '', Label, MetricStat }: MetricDataQuery): string {
  return Label ?? MetricStat?.Metric?.MetricName ?? Id;
}

function labelled(value: MathValue, label: string): MathValue {
  return value.kind === 'series' ? { kind: 'series', series: { ...value.series, label } } : value;
}

function parsed(operation: string, id: string, text: string): Expression {
  if (text.length === 0) throw constraint(text, 'expression', 'Member must have length greater than or equal to 1');
  if (text.length > MAX_EXPRESSION) {
    throw constraint(text, 'expression', `Member must have length less than or equal to ${MAX_EXPRESSION}`);
  }
  if (/^\s*SELECT\b/i.test(text)) throw unsupported('cloudwatch', operation, 'Metrics Insights');
  try {
    return parseExpression(text);
  } catch (error) {
    throw error instanceof MathError ? inExpression(id, error.message) : error;
  }
}

function inExpression(id: string, message: string): Error {
  return validation(`Error in expression '${id}': ${message}`);
}
