import { ExpressionCache, Parser } from './parser';
import type { RawAssignment, RawOperand, RawStep, RawUpdateSection } from './syntax';

/** Update expressions by text. */
export const parsedUpdates = new ExpressionCache<readonly RawUpdateSection[]>(500, (kind, text) => {
  const parser = new Parser(kind, text);
  const sections = [section(parser)];
  while (parser.peek() !== undefined) sections.push(section(parser));
  parser.finish();
  for (const { action } of sections) {
    if (sections.filter((other) => other.action === action).length > 1) {
      throw parser.invalid(`The "${action}" section can only be used once in an update expression;`);
    }
  }
  return sections;
});

/** Projection expressions by text. */
export const parsedProjections = new ExpressionCache<readonly (readonly RawStep[])[]>(500, (kind, text) => {
  const parser = new Parser(kind, text);
  const paths = list(parser, () => parser.path());
  parser.finish();
  return paths;
});

function section(parser: Parser): RawUpdateSection {
  if (parser.takes('SET')) return { action: 'SET', assignments: list(parser, assignment) };
  if (parser.takes('REMOVE')) return { action: 'REMOVE', paths: list(parser, () => parser.path()) };
  if (parser.takes('ADD')) return { action: 'ADD', assignments: list(parser, pathAndValue) };
  if (parser.takes('DELETE')) return { action: 'DELETE', assignments: list(parser, pathAndValue) };
  throw parser.syntaxError();
}

function list<T>(parser: Parser, element: (parser: Parser) => T): readonly T[] {
  const elements = [element(parser)];
  while (parser.takes(',')) elements.push(element(parser));
  return elements;
}

function assignment(parser: Parser): RawAssignment {
  const path = parser.path();
  parser.expect('=');
  return { path, value: value(parser) };
}

function pathAndValue(parser: Parser): RawAssignment {
  return { path: parser.path(), value: { kind: 'value', name: parser.take('value') } };
}

function value(parser: Parser): RawOperand {
  const left = term(parser);
  const operator = parser.takes('+') ? '+' : parser.takes('-') ? '-' : undefined;
  if (operator === undefined) return left;
  parser.countOperator();
  return { kind: 'sum', operator, left, right: term(parser) };
}

function term(parser: Parser): RawOperand {
  if (!parser.takes('(')) return parser.operand();
  const inner = value(parser);
  parser.expect(')');
  return parser.inParentheses(inner);
}
