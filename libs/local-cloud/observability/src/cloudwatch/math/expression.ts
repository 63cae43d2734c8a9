import { MathError } from './values';

/** A metric math expression, read. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  /** The id of another query. */
  | { readonly kind: 'id'; readonly name: string }
  /** A word that only says how a function works, such as REPEAT, ASC or the AVG of SORT. */
  | { readonly kind: 'word'; readonly name: string }
  | { readonly kind: 'negative'; readonly operand: Expression }
  | { readonly kind: 'operation'; readonly operator: Operator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

export type Operator = '+' | '-' | '*' | '/' | '^' | '==' | '!=' | '<=' | '>=' | '<' | '>' | 'AND' | 'OR';

/** Loosest first. Source: CloudWatch user guide, "Using metric math", names the operators and leaves their order open. */
const LEVELS: readonly (readonly Operator[])[] = [
  ['OR'],
  ['AND'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
];

const SAME: Readonly<Record<string, Operator>> = { '&&': 'AND', '||': 'OR' };

const TOKEN =
  /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z]\w*)|"([^"]*)"|'([^']*)'|(==|!=|<=|>=|&&|\|\||[-+*/^<>()[\],]))/y;

interface Token {
  readonly kind: 'number' | 'name' | 'text' | 'sign';
  readonly text: string;
}

/** Deeper than this no expression is that a person wrote; the parser calls itself. */
const MAX_DEPTH = 50;

/**
 * Reads an expression such as `IF(errors > 0, 100 * errors / FILL(calls, 0))`.
 * @throws MathError where the text is none
 */
export function parseExpression(text: string): Expression {
  const parser = new ExpressionParser(tokensOf(text));
  return parser.expression();
}

/** The ids that an expression refers to, each once; METRICS() refers to all metrics by another way. */
export function idsIn(expression: Expression): readonly string[] {
  return [...new Set(partsOf(expression).flatMap((part) => (part.kind === 'id' ? [part.name] : [])))];
}

/** The names of the functions that an expression calls, each once. */
export function functionsIn(expression: Expression): readonly string[] {
  return [...new Set(partsOf(expression).flatMap((part) => (part.kind === 'call' ? [part.name] : [])))];
}

function partsOf(expression: Expression): readonly Expression[] {
  return [expression, ...childrenOf(expression).flatMap(partsOf)];
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'negative':
      return [expression.operand];
    case 'operation':
      return [expression.left, expression.right];
    case 'list':
      return expression.items;
    case 'call':
      return expression.args;
    default:
      return [];
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (!match) throw new MathError(`Invalid syntax at '${source.slice(at).trimStart().slice(0, 20)}'`);
    const [, number, name, double, single, sign] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (name === 'AND' || name === 'OR') tokens.push({ kind: 'sign', text: name });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: SAME[sign] ?? sign });
    else tokens.push({ kind: 'text', text: double ?? single ?? '' });
  }
  return tokens;
}

class ExpressionParser {
  #at = 0;
  #depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  expression(): Expression {
    const read = this.#level(0);
    const rest = this.tokens[this.#at];
    if (rest) throw new MathError(`Invalid syntax at '${rest.text}'`);
    return read;
  }

  #level(index: number): Expression {
    const operators = LEVELS[index];
    if (!operators) return this.#unary();
    let left = this.#level(index + 1);
    for (;;) {
      const operator = operators.find((each) => this.#takes(each));
      if (!operator) return left;
      left = { kind: 'operation', operator, left, right: this.#level(index + 1) };
    }
  }

  #unary(): Expression {
    if (this.#takes('-')) return this.#deeper(() => ({ kind: 'negative', operand: this.#unary() }));
    const base = this.#operand();
    if (!this.#takes('^')) return base;
    return this.#deeper(() => ({ kind: 'operation', operator: '^', left: base, right: this.#unary() }));
  }

  #operand(): Expression {
    const token = this.tokens[this.#at];
    if (!token) throw new MathError('Unexpected end of the expression');
    if (this.#takes('(')) return this.#deeper(() => this.#until(')'));
    if (this.#takes('[')) return this.#deeper(() => ({ kind: 'list', items: this.#items(']') }));
    if (token.kind === 'sign') throw new MathError(`Invalid syntax at '${token.text}'`);
    this.#at += 1;
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'text', value: token.text };
    if (this.#takes('(')) return this.#deeper(() => ({ kind: 'call', name: token.text, args: this.#items(')') }));
    // Ids begin with a lower-case letter, what belongs to functions with an upper-case one.
    return { kind: /^[a-z]/.test(token.text) ? 'id' : 'word', name: token.text };
  }

  #until(close: string): Expression {
    const read = this.#level(0);
    this.#expect(close);
    return read;
  }

  #items(close: string): Expression[] {
    if (this.#takes(close)) return [];
    const items = [this.#level(0)];
    while (this.#takes(',')) items.push(this.#level(0));
    this.#expect(close);
    return items;
  }

  #deeper<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new MathError(`The expression is nested more than ${MAX_DEPTH} levels deep`);
    const result = read();
    this.#depth -= 1;
    return result;
  }

  #takes(sign: string): boolean {
    const token = this.tokens[this.#at];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.#at += 1;
    return true;
  }

  #expect(sign: string): void {
    if (this.#takes(sign)) return;
    const found = this.tokens[this.#at];
    throw new MathError(
      found
        ? `Invalid syntax at '${found.text}': '${sign}' is expected`
        : `The expression ends where '${sign}' is expected`,
    );
  }
}
