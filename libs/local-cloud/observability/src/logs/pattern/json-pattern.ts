import { parseJson } from '@outbox/local-cloud-pattern';
import { comparison, type Operator } from './comparison';
import { read, type Path } from './path';
import { invalidPattern } from './shared';

type Condition = (event: unknown) => boolean;

/** `$.a.b[0]`, `$['a b']`, `(`, `)`, `&&`, `||`, an operator, quoted text, a regular expression, or a bare word. */
const TOKEN =
  /\s*(?:(\$(?:\.[A-Za-z0-9_\-:@]+|\[\d+\]|\.?\[(?:'[^']*'|"[^"]*")\])+)|(\(|\)|&&|\|\|)|(!=|<=|>=|=|<|>)|"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)+)%|([^\s()="<>!&|{}]+))/y;

interface Token {
  readonly kind: 'path' | 'mark' | 'operator' | 'quoted' | 'regex' | 'word';
  readonly text: string;
}

/**
 * A pattern for JSON events, `{ ($.level = "ERROR") && ($.count >= 3) }`: compares members by name, combined with `&&`
 * and `||`. What is no JSON object is never found.
 */
export function parseJsonPattern(text: string): (message: string) => boolean {
  if (!text.endsWith('}')) throw invalidPattern();
  const matches = new JsonPatternParser(tokensOf(text.slice(1, -1))).pattern();
  return (message) => {
    const text = message.trim();
    const event = text.startsWith('{') ? parseJson(text) : undefined;
    return event !== undefined && matches(event);
  };
}

function tokensOf(text: string): Token[] {
  const kinds = ['path', 'mark', 'operator', 'quoted', 'regex', 'word'] as const;
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const groups = TOKEN.exec(text)?.slice(1);
    const index = groups?.findIndex((group) => group !== undefined) ?? -1;
    const kind = kinds[index];
    if (!groups || !kind) throw invalidPattern();
    tokens.push({ kind, text: groups[index] ?? '' });
  }
  return tokens;
}

class JsonPatternParser {
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  pattern(): Condition {
    const condition = this.#or();
    if (this.#at < this.tokens.length) throw invalidPattern();
    return condition;
  }

  #or(): Condition {
    const alternatives = [this.#and()];
    while (this.#takes('mark', '||')) alternatives.push(this.#and());
    return (event) => alternatives.some((condition) => condition(event));
  }

  #and(): Condition {
    const conditions = [this.#one()];
    while (this.#takes('mark', '&&')) conditions.push(this.#one());
    return (event) => conditions.every((condition) => condition(event));
  }

  #one(): Condition {
    if (this.#takes('mark', '(')) {
      const inner = this.#or();
      if (!this.#takes('mark', ')')) throw invalidPattern();
      return inner;
    }
    const path = pathOf(this.#next('path'));
    if (this.#takes('word', 'IS')) return this.#is(path);
    if (this.#takes('word', 'NOT')) {
      if (!this.#takes('word', 'EXISTS')) throw invalidPattern();
      return (event) => read(event, path) === undefined;
    }
    if (this.#takes('word', 'EXISTS')) return (event) => read(event, path) !== undefined;
    const compare = comparison(this.#next('operator') as Operator, this.#operand());
    return (event) => {
      const value = read(event, path);
      // Objects and lists are not compared, not even by !=. Source: user guide, "JSON Special Considerations".
      return value !== undefined && (typeof value !== 'object' || value === null) && compare(value);
    };
  }

  #is(path: Path): Condition {
    const wanted = [null, true, false].find((value) => this.#takes('word', String(value).toUpperCase()));
    if (wanted === undefined) throw invalidPattern();
    return (event) => read(event, path) === wanted;
  }

  #operand(): { readonly kind: 'text' | 'regex'; readonly text: string; readonly quoted: boolean } {
    const token = this.tokens[this.#at++];
    if (token?.kind === 'quoted') return { kind: 'text', text: token.text.replace(/\\(.)/g, '$1'), quoted: true };
    if (token?.kind === 'regex') return { kind: 'regex', text: token.text, quoted: false };
    if (token?.kind === 'word') return { kind: 'text', text: token.text, quoted: false };
    throw invalidPattern();
  }

  #takes(kind: Token['kind'], text: string): boolean {
    const token = this.tokens[this.#at];
    if (token?.kind !== kind || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #next(kind: Token['kind']): string {
    const token = this.tokens[this.#at++];
    if (token?.kind !== kind) throw invalidPattern();
    return token.text;
  }
}

/** The steps of a selector such as `$.order.items[0]`. */
export function pathOf(text: string): Path {
  const steps = text.slice(1).matchAll(/\.([A-Za-z0-9_\-:@]+)|\[(\d+)\]|\.?\[(?:'([^']*)'|"([^"]*)")\]/g);
  return [...steps].map(([, name, index, single, double]) =>
    index === undefined ? (name ?? single ?? double ?? '') : Number(index),
  );
}
