/** What a token is: a symbol (itself), a word, a placeholder (`#name`, `:value`), digits, or a character no expression has. */
export type TokenKind = 'symbol' | 'keyword' | 'word' | 'name' | 'value' | 'digits' | 'unknown';

export interface Token {
  readonly kind: TokenKind;
  /** As it was written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Words with a meaning of their own in some expression; none of them can be an attribute's name. */
const KEYWORDS = new Set(['AND', 'OR', 'NOT', 'IN', 'BETWEEN', 'SET', 'REMOVE', 'ADD', 'DELETE']);

const TOKEN =
  /(?<space>\s+)|(?<word>[A-Za-z][A-Za-z0-9_]*)|(?<name>#[A-Za-z0-9_]+)|(?<value>:[A-Za-z0-9_]+)|(?<digits>0|[1-9]\d*)|(?<symbol><>|<=|>=|[=<>()[\].,+-])|(?<unknown>.)/gsu;

export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const [kind] = Object.entries(match.groups ?? {}).find(([, part]) => part !== undefined) ?? ['unknown'];
    if (kind === 'space') continue;
    const isKeyword = kind === 'word' && KEYWORDS.has(match[0].toUpperCase());
    tokens.push({
      kind: isKeyword ? 'keyword' : (kind as TokenKind),
      text: match[0],
      start: match.index,
      end: match.index + match[0].length,
    });
  }
  return tokens;
}
