interface Segment {
  readonly literal?: string;
  readonly label?: string;
  readonly greedy?: boolean;
}

/** The `http` trait of a rest-json operation: method, path template (`/functions/{Name}/tags/{Path+}?fixed=1`), success status. */
export class HttpBinding {
  readonly #segments: readonly Segment[];
  readonly #fixedQuery: ReadonlyArray<readonly [string, string]>;
  /** How many path segments are literal: of two templates that match, the one with more is meant. */
  readonly literals: number;

  constructor(
    readonly method: string,
    template: string,
    readonly status: number,
  ) {
    const [path = '', query = ''] = template.split('?');
    this.#segments = split(path).map(parseSegment);
    // `x-id` only tells a reader of logs what was called; not every SDK sends it.
    this.#fixedQuery = [...new URLSearchParams(query)].filter(([name]) => name !== 'x-id');
    this.literals = this.#segments.filter((segment) => segment.literal !== undefined).length;
  }

  /** How many parameters the template demands of the query string, when all are there; otherwise undefined. */
  matchQuery(query: URLSearchParams): number | undefined {
    const isThere = ([key, value]: readonly [string, string]): boolean =>
      query.get(key) === value || (value === '' && query.has(key));
    return this.#fixedQuery.every(isThere) ? this.#fixedQuery.length : undefined;
  }

  /** The labels (percent-decoded) when method, raw path and fixed query match, otherwise undefined. */
  match(method: string, path: string, query: URLSearchParams): Record<string, string> | undefined {
    if (method !== this.method) return undefined;
    if (this.matchQuery(query) === undefined) return undefined;
    const parts = split(path);
    const labels: Record<string, string> = {};
    for (const [index, segment] of this.#segments.entries()) {
      const part = parts[index];
      if (part === undefined) return undefined;
      if (segment.literal !== undefined) {
        if (part !== segment.literal) return undefined;
      } else if (segment.label !== undefined) {
        const value = decode(segment.greedy ? parts.slice(index).join('/') : part);
        if (value === undefined || value === '') return undefined;
        labels[segment.label] = value;
        if (segment.greedy) return labels;
      }
    }
    return parts.length === this.#segments.length ? labels : undefined;
  }
}

/** Templates and callers differ in the trailing slash (`/2015-03-31/functions/`); AWS takes both. */
function split(path: string): string[] {
  return path.replace(/^\//, '').replace(/\/$/, '').split('/');
}

function parseSegment(text: string): Segment {
  const label = /^\{(\w+)(\+?)\}$/.exec(text);
  return label?.[1] ? { label: label[1], greedy: label[2] === '+' } : { literal: text };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
