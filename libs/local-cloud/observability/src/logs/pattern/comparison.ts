import { invalidPattern, regularExpression } from './shared';

export type Operator = '=' | '!=' | '<' | '>' | '<=' | '>=';

const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Compares a member of an event: numbers by value, texts whole, `*` at either end standing for any text; `<` and `>`
 * compare numbers only. Source: CloudWatch Logs user guide, "Filter pattern syntax for JSON log events".
 */
export function comparison(
  operator: Operator,
  operand: { readonly kind: 'text' | 'regex'; readonly text: string; readonly quoted: boolean },
): (value: unknown) => boolean {
  if (operator === '=') return equality(operand);
  if (operator === '!=') {
    const equals = equality(operand);
    return (value) => !equals(value);
  }
  if (operand.kind !== 'text' || operand.quoted || !NUMBER.test(operand.text)) throw invalidPattern();
  const limit = Number(operand.text);
  return (value) => typeof value === 'number' && ordered(value, operator, limit);
}

function equality({ kind, text, quoted }: Parameters<typeof comparison>[1]): (value: unknown) => boolean {
  if (kind === 'regex') {
    const found = regularExpression(text);
    return (value) => typeof value === 'string' && found.test(value);
  }
  const [, before = '', middle = '', after = ''] = /^(\*?)(.*?)(\*?)$/s.exec(text) ?? [];
  const whole = new RegExp(`^${before && '.*'}${escaped(middle)}${after && '.*'}$`, 's');
  const open = before !== '' || after !== '';
  const number = !quoted && NUMBER.test(text) ? Number(text) : undefined;
  return (value) => {
    if (typeof value === 'number') return open ? whole.test(String(value)) : value === number;
    return typeof value === 'string' && whole.test(value);
  };
}

function ordered(value: number, operator: Exclude<Operator, '=' | '!='>, limit: number): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '>':
      return value > limit;
    case '<=':
      return value <= limit;
    case '>=':
      return value >= limit;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
