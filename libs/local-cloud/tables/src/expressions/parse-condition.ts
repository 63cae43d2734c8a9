import { ExpressionCache, Parser } from './parser';
import type { Comparator, RawCondition, RawOperand } from './syntax';

/** Either side of a comparison, or a condition: which one it is shows only after a closing parenthesis. */
type Term = { readonly condition: RawCondition } | { readonly operand: RawOperand };

const COMPARATORS: readonly Comparator[] = ['=', '<>', '<=', '<', '>=', '>'];

/** Condition, filter and key condition expressions by text. */
export const parsedConditions = new ExpressionCache<RawCondition>(500, (kind, text) => {
  const parser = new Parser(kind, text);
  const parsed = condition(parser);
  parser.finish();
  return parsed;
});

/** @throws AwsError ValidationException where the text is no condition */
function condition(parser: Parser): RawCondition {
  return conditionOf(parser, either(parser));
}

function conditionOf(parser: Parser, term: Term): RawCondition {
  if ('condition' in term) return term.condition;
  if (term.operand.kind === 'call') return term.operand;
  throw parser.syntaxError();
}

function either(parser: Parser): Term {
  let left = both(parser);
  while (parser.is('OR')) {
    const first = conditionOf(parser, left);
    parser.takes('OR');
    parser.countOperator();
    left = { condition: { kind: 'or', left: first, right: conditionOf(parser, both(parser)) } };
  }
  return left;
}

function both(parser: Parser): Term {
  let left = negated(parser);
  while (parser.is('AND')) {
    const first = conditionOf(parser, left);
    parser.takes('AND');
    parser.countOperator();
    left = { condition: { kind: 'and', left: first, right: conditionOf(parser, negated(parser)) } };
  }
  return left;
}

function negated(parser: Parser): Term {
  if (!parser.takes('NOT')) return comparison(parser);
  parser.countOperator();
  return { condition: { kind: 'not', of: conditionOf(parser, negated(parser)) } };
}

function comparison(parser: Parser): Term {
  const term = primary(parser);
  if ('condition' in term) return term;
  const { operand } = term;
  const operator = COMPARATORS.find((symbol) => parser.takes(symbol));
  if (operator !== undefined) {
    parser.countOperator();
    return { condition: { kind: 'compare', operator, left: operand, right: parser.operand() } };
  }
  if (parser.takes('BETWEEN')) {
    parser.countOperator();
    const lower = parser.operand();
    parser.expect('AND');
    return { condition: { kind: 'between', operand, lower, upper: parser.operand() } };
  }
  if (parser.takes('IN')) {
    parser.countOperator();
    parser.expect('(');
    const list = [parser.operand()];
    while (parser.takes(',')) list.push(parser.operand());
    parser.expect(')');
    return { condition: { kind: 'in', operand, list } };
  }
  return term;
}

function primary(parser: Parser): Term {
  if (!parser.takes('(')) return { operand: parser.operand() };
  const inner = either(parser);
  parser.expect(')');
  return 'condition' in inner
    ? { condition: parser.inParentheses(inner.condition) }
    : { operand: parser.inParentheses(inner.operand) };
}
