import { unsupported } from '@outbox/local-cloud-kernel';
import { validation } from '../errors';
import type { StateValue } from '../model';
import { MOST_RULE_CHARACTERS } from '../limits';

/** A composite alarm's rule, read. */
export type RuleExpression =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'state'; readonly state: StateValue; readonly alarm: string }
  | { readonly kind: 'not'; readonly operand: RuleExpression }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly RuleExpression[] };

const TOKEN = /\s*(?:([()])|"((?:[^"\\]|\\.)*)"|([^\s()"]+))/y;

/**
 * Reads `ALARM(a) AND (OK("b") OR NOT INSUFFICIENT_DATA(c))`; NOT binds closest, then AND, then OR.
 * Source: API reference, PutCompositeAlarm, AlarmRule.
 * @throws AwsError ValidationError where the text is no rule
 */
export function parseRule(text: string): RuleExpression {
  if (text.length === 0 || text.length > MOST_RULE_CHARACTERS) {
    throw validation(`AlarmRule must have a length from 1 to ${MOST_RULE_CHARACTERS} characters`);
  }
  const parser = new RuleParser(tokensOf(text));
  return parser.rule();
}

/** What the rule's alarms are called there: names or ARNs, each once. */
export function alarmsOf(rule: string): string[] {
  const names = new Set<string>();
  const visit = (expression: RuleExpression): void => {
    if (expression.kind === 'state') names.add(expression.alarm);
    else if (expression.kind === 'not') visit(expression.operand);
    else if (expression.kind !== 'constant') expression.operands.forEach(visit);
  };
  visit(parseRule(rule));
  return [...names];
}

/** Whether the rule holds, given the state each alarm is in; an alarm that is gone is in none. */
export function holds(expression: RuleExpression, stateOf: (alarm: string) => StateValue | undefined): boolean {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'state':
      return stateOf(expression.alarm) === expression.state;
    case 'not':
      return !holds(expression.operand, stateOf);
    case 'and':
      return expression.operands.every((operand) => holds(operand, stateOf));
    case 'or':
      return expression.operands.some((operand) => holds(operand, stateOf));
  }
}

interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (!match) throw malformed('an unfinished name in quotes');
    const [, bracket, quoted, word] = match;
    tokens.push({
      text: bracket ?? quoted?.replace(/\\(.)/g, '$1') ?? word ?? '',
      quoted: quoted !== undefined,
    });
  }
  return tokens;
}

class RuleParser {
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  rule(): RuleExpression {
    const expression = this.#or();
    const rest = this.tokens[this.#at];
    if (rest) throw malformed(`'${rest.text}' where the rule should end`);
    return expression;
  }

  #or(): RuleExpression {
    return this.#chain('or', 'OR', () => this.#and());
  }

  #and(): RuleExpression {
    return this.#chain('and', 'AND', () => this.#not());
  }

  #chain(kind: 'and' | 'or', operator: string, next: () => RuleExpression): RuleExpression {
    const first = next();
    const operands = [first];
    while (this.#takes(operator)) operands.push(next());
    return operands.length === 1 ? first : { kind, operands };
  }

  #not(): RuleExpression {
    return this.#takes('NOT') ? { kind: 'not', operand: this.#not() } : this.#operand();
  }

  #operand(): RuleExpression {
    if (this.#takes('(')) {
      const inner = this.#or();
      this.#expect(')');
      return inner;
    }
    if (this.#takes('TRUE') || this.#takes('true')) return { kind: 'constant', value: true };
    // The reference itself writes `false`. Source: API reference, DeleteAlarms.
    if (this.#takes('FALSE') || this.#takes('false')) return { kind: 'constant', value: false };
    for (const state of ['ALARM', 'OK', 'INSUFFICIENT_DATA'] as const) {
      if (!this.#takes(state)) continue;
      this.#expect('(');
      const alarm = this.tokens[this.#at++];
      if (!alarm || (!alarm.quoted && /^[()]$/.test(alarm.text))) throw malformed(`no alarm in ${state}()`);
      this.#expect(')');
      return { kind: 'state', state, alarm: alarm.text };
    }
    const found = this.tokens[this.#at]?.text;
    if (found === 'AT_LEAST') throw unsupported('cloudwatch', 'PutCompositeAlarm', 'AT_LEAST in AlarmRule');
    throw malformed(
      found === undefined ? 'the end where an operand should be' : `'${found}' where an operand should be`,
    );
  }

  #takes(text: string): boolean {
    const token = this.tokens[this.#at];
    if (!token || token.quoted || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    const found = this.tokens[this.#at]?.text ?? 'the end';
    if (!this.#takes(text)) throw malformed(`'${found}' where '${text}' should be`);
  }
}

function malformed(what: string): Error {
  return validation(`Error in AlarmRule expression: there is ${what}.`);
}
