import { invalidPattern, regularExpression } from './shared';

interface Term {
  readonly sign: string;
  readonly occursIn: (message: string) => boolean;
}

/**
 * Terms of a pattern: every term must occur, no `-term` may; of `?term`s one must, unless there are others, beside
 * which they count for nothing. Case-sensitive; quotes hold spaces together, `%…%` is a regular expression.
 */
export function parseTerms(text: string): (message: string) => boolean {
  const terms = [...text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)+)%|(\S+))/g)].map(
    ([, sign = '', quoted, expression, bare]): Term => {
      if (expression !== undefined) {
        const found = regularExpression(expression);
        return { sign, occursIn: (message) => found.test(message) };
      }
      const term = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
      if (bare?.includes('"')) throw invalidPattern();
      return { sign, occursIn: (message) => message.includes(term) };
    },
  );
  const signed = (sign: string): Term[] => terms.filter((term) => term.sign === sign);
  const [all, some, none] = [signed(''), signed('?'), signed('-')];
  if (some.length === terms.length && some.length > 0) {
    return (message) => some.some((term) => term.occursIn(message));
  }
  return (message) => all.every((term) => term.occursIn(message)) && !none.some((term) => term.occursIn(message));
}
