import { validation } from '../errors';
import type { RawOperand, RawStep } from './syntax';
import { tokenize, type Token } from './tokens';
import { MAX_EXPRESSION_BYTES, MAX_OPERATORS } from '../limits';

/** Which parameter an expression was given in; DynamoDB names it in every error. */
export type ExpressionKind =
  'ConditionExpression' | 'FilterExpression' | 'KeyConditionExpression' | 'ProjectionExpression' | 'UpdateExpression';

export function invalidExpression(kind: ExpressionKind, problem: string): Error {
  return validation(`Invalid ${kind}: ${problem}`);
}

/** Reads the tokens of one expression, and what all kinds of expressions have in common: paths, placeholders, calls. */
export class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #operators = 0;
  #redundant = false;

  /** @throws AwsError ValidationException for an empty or too long expression */
  constructor(
    readonly kind: ExpressionKind,
    private readonly text: string,
  ) {
    if (text === '') throw invalidExpression(kind, 'The expression can not be empty;');
    const size = Buffer.byteLength(text);
    if (size > MAX_EXPRESSION_BYTES) {
      throw invalidExpression(kind, `Expression size has exceeded the maximum allowed size; expression size: ${size}`);
    }
    this.#tokens = tokenize(text);
  }

  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  /** Whether the next token is this symbol, or this keyword in any case. */
  is(text: string): boolean {
    const token = this.peek();
    return (token?.kind === 'symbol' || token?.kind === 'keyword') && token.text.toUpperCase() === text;
  }

  /** As `is`, and takes the token if so. */
  takes(text: string): boolean {
    if (!this.is(text)) return false;
    this.#at += 1;
    return true;
  }

  /** @throws AwsError ValidationException unless the next token is `text` */
  expect(text: string): void {
    if (!this.takes(text)) throw this.syntaxError();
  }

  /** @throws AwsError ValidationException unless the next token is of that kind */
  take(kind: Token['kind']): string {
    const token = this.peek();
    if (token?.kind !== kind) throw this.syntaxError();
    this.#at += 1;
    return token.text;
  }

  /** To be called at the end of an expression. @throws AwsError where something is left, or was wrong all along */
  finish(): void {
    if (this.peek() !== undefined) throw this.syntaxError();
    if (this.#redundant) throw this.invalid('The expression has redundant parentheses;');
    if (this.#operators > MAX_OPERATORS) {
      throw this.invalid(`The expression contains too many operators; operator count: ${MAX_OPERATORS + 1}`);
    }
  }

  countOperator(): void {
    this.#operators += 1;
  }

  /** Returns what is in a pair of parentheses. */
  inParentheses<T extends { readonly parenthesised?: boolean }>(inner: T): T {
    if (inner.parenthesised) this.#redundant = true;
    return { ...inner, parenthesised: true };
  }

  invalid(problem: string): Error {
    return invalidExpression(this.kind, problem);
  }

  /** The error for the next token: what it is, and how it stands between its neighbours. */
  syntaxError(): Error {
    const [before, token, after] = [this.peek(-1), this.peek(), this.peek(1)];
    const near = this.text.slice(before?.start ?? 0, after?.end);
    return this.invalid(`Syntax error; token: "${token?.text ?? '<EOF>'}", near: "${near}"`);
  }

  /** A document path: `a.b[0].#c`. */
  path(): readonly RawStep[] {
    const steps: RawStep[] = [this.#attribute()];
    for (;;) {
      if (this.takes('.')) {
        steps.push(this.#attribute());
      } else if (this.takes('[')) {
        steps.push({ index: this.take('digits') });
        this.expect(']');
      } else {
        return steps;
      }
    }
  }

  /** A path, a value, or a function with its operands. */
  operand(): RawOperand {
    if (this.takes('(')) {
      const inner = this.operand();
      this.expect(')');
      return this.inParentheses(inner);
    }
    const token = this.peek();
    if (token?.kind === 'value') return { kind: 'value', name: this.take('value') };
    if (token?.kind === 'word' && this.peek(1)?.text === '(') {
      const name = this.take('word');
      this.expect('(');
      const operands = [this.operand()];
      while (this.takes(',')) operands.push(this.operand());
      this.expect(')');
      this.countOperator();
      return { kind: 'call', name, operands };
    }
    return { kind: 'path', steps: this.path() };
  }

  #attribute(): RawStep {
    const token = this.peek();
    return { name: this.take(token?.kind === 'name' ? 'name' : 'word') };
  }
}

/** Parsed expressions by text: programs send the same few again and again. */
export class ExpressionCache<T> {
  readonly #parsed = new Map<string, T>();

  constructor(
    private readonly max: number,
    private readonly parse: (kind: ExpressionKind, text: string) => T,
  ) {}

  /** @throws AwsError as the parser does */
  get(kind: ExpressionKind, text: string): T {
    const key = `${kind} ${text}`;
    const known = this.#parsed.get(key);
    if (known !== undefined) return known;
    const parsed = this.parse(kind, text);
    if (this.#parsed.size >= this.max) this.#parsed.clear();
    this.#parsed.set(key, parsed);
    return parsed;
  }
}
