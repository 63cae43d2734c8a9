import type { Expression } from './expression';
import { call, type MathScope } from './functions';
import { negate, operate } from './operators';
import { list, MathError, scalar, type MathValue } from './values';

/** What an expression is evaluated in. */
export interface ExpressionScope extends Pick<MathScope, 'grid' | 'metrics'> {
  /** The value of the query of an id. */
  readonly valueOf: (id: string) => MathValue;
}

/**
 * The value of an expression over a grid of periods.
 * @throws MathError where its parts don't go together
 * @throws AwsError UnsupportedOperation for a function that isn't run
 */
export function evaluateExpression(expression: Expression, scope: ExpressionScope): MathValue {
  const evaluate = (part: Expression): MathValue => evaluateExpression(part, scope);
  switch (expression.kind) {
    case 'number':
      return scalar(expression.value);
    case 'id':
      return scope.valueOf(expression.name);
    case 'negative':
      return negate(evaluate(expression.operand));
    case 'operation':
      return operate(expression.operator, evaluate(expression.left), evaluate(expression.right));
    case 'list':
      return list(expression.items.flatMap((item) => elementsOf(evaluate(item))));
    case 'call':
      return call(expression.name, expression.args, { ...scope, evaluate });
    case 'text':
      throw new MathError(`Unexpected string "${expression.value}"`);
    case 'word':
      throw new MathError(`Undefined variable '${expression.name}'`);
  }
}

function elementsOf(value: MathValue) {
  if (value.kind === 'list') return value.list;
  if (value.kind === 'series') return [value.series];
  throw new MathError('An array holds time series, and no numbers');
}
