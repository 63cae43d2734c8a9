import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item as it goes over the wire. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** The names and values behind an expression's placeholders. */
export interface Placeholders {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
}

/**
 * Refuses placeholders that no expression of a request uses, as DynamoDB does.
 * @throws InvalidRequestError
 */
export function checkPlaceholders(
  { ExpressionAttributeNames = {}, ExpressionAttributeValues = {} }: Placeholders,
  expressions: readonly (string | undefined)[],
): void {
  const used = new Set(expressions.flatMap((expression = '') => expression.match(/[#:]\w+/g) ?? []));
  for (const [kind, given] of [
    ['ExpressionAttributeNames', ExpressionAttributeNames],
    ['ExpressionAttributeValues', ExpressionAttributeValues],
  ] as const) {
    const unused = Object.keys(given).filter((name) => !used.has(name));
    if (unused.length === 0) continue;
    throw new InvalidRequestError(`Value provided in ${kind} unused in expressions: keys: {${unused.join(', ')}}`);
  }
}

/** A value that an expression takes from an item, or brings with it; undefined: the item has none there. */
export type Operand = (item: Item | undefined) => AttributeValue | undefined;

/** DynamoDB calls a request invalid. */
export class InvalidRequestError extends Error {
  override readonly name = 'ValidationException';
}

/** The memory has no word for this: say it in a way that it knows, or use DynamoDB Local. */
export class UnsupportedError extends Error {
  override readonly name = 'UnsupportedError';

  constructor(what: string) {
    super(`the memory in DynamoDB's place doesn't know ${what}; use DynamoDB Local for it`);
  }
}

const TOKEN = /\s*([#:]?\w+|<>|<=|>=|[=<>(),.[\]+-])/y;

/** The words of an expression, read from left to right. */
export class Tokens {
  private readonly words: string[] = [];
  private position = 0;

  /** @throws UnsupportedError for a character that no expression has */
  constructor(
    private readonly expression: string,
    readonly placeholders: Placeholders,
  ) {
    TOKEN.lastIndex = 0;
    for (let end = 0; expression.slice(end).trim() !== ''; end = TOKEN.lastIndex) {
      TOKEN.lastIndex = end;
      const [, word] = TOKEN.exec(expression) ?? [];
      if (word === undefined) throw new UnsupportedError(`the expression ${JSON.stringify(expression)}`);
      this.words.push(word);
    }
  }

  /** Steps over the word if it comes next; keywords in any case. */
  take(word: string): boolean {
    const isNext = this.peek()?.toUpperCase() === word.toUpperCase();
    if (isNext) this.position += 1;
    return isNext;
  }

  expect(word: string): void {
    if (!this.take(word)) this.unexpected();
  }

  peek(): string | undefined {
    return this.words[this.position];
  }

  next(): string {
    const word = this.peek() ?? this.unexpected();
    this.position += 1;
    return word;
  }

  end(): void {
    if (this.peek() !== undefined) this.unexpected();
  }

  unexpected(): never {
    throw new UnsupportedError(`${this.peek() ?? 'the end'} in ${JSON.stringify(this.expression)}`);
  }

  /** The name of an attribute, or of a member of a map. */
  name(): string {
    const word = this.next();
    if (!word.startsWith('#')) return /^[A-Za-z_]/.test(word) ? word : this.unexpected();
    return this.placeholders.ExpressionAttributeNames?.[word] ?? this.unexpected();
  }
}

/** Reads `:value`, `size(path)`, or the path of an attribute or of a member of a map: `a.b`. */
export function readOperand(tokens: Tokens): Operand {
  if (tokens.peek()?.startsWith(':')) {
    const value = tokens.placeholders.ExpressionAttributeValues?.[tokens.next()] ?? tokens.unexpected();
    return () => value;
  }
  if (tokens.take('size')) {
    tokens.expect('(');
    const measured = readPath(tokens);
    tokens.expect(')');
    return (item) => sizeOf(valueAt(item, measured));
  }
  const path = readPath(tokens);
  return (item) => valueAt(item, path);
}

/** The names that lead to a value: of the attribute, then of members of maps. */
export function readPath(tokens: Tokens): readonly string[] {
  const path = [tokens.name()];
  while (tokens.take('.')) path.push(tokens.name());
  if (tokens.peek() === '[' || tokens.peek() === '(') tokens.unexpected();
  return path;
}

/** The value at the end of a path. */
export function valueAt(item: Item | undefined, [name = '', ...rest]: readonly string[]): AttributeValue | undefined {
  const value = item?.[name];
  return rest.length === 0 ? value : valueAt(value?.M, rest);
}

function sizeOf(value: AttributeValue | undefined): AttributeValue | undefined {
  if (value === undefined) return undefined;
  if (value.S !== undefined) return { N: String(Buffer.byteLength(value.S)) };
  const members = value.L ?? value.SS ?? value.NS ?? (value.M && Object.keys(value.M));
  if (!members) throw new UnsupportedError(`the size of ${Object.keys(value).join()}`);
  return { N: String(members.length) };
}
