import { ApiError, NoAnswerError } from './errors';

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly etag: string | undefined;
  /** Absolute, whatever the API sent. */
  readonly location: string | undefined;
}

export interface NewOrder {
  readonly customerId: string;
  readonly currency: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number; readonly unitPrice: string }[];
}

/** An order as a customer's list shows it. */
export interface ListedOrder {
  readonly orderId: string;
  readonly status: string;
  /** Decimal in `currency`. */
  readonly total: string;
  readonly currency: string;
  readonly itemCount: number;
  readonly placedAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

/** A request as it goes out, but for what tells who sends it. */
export interface ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Returns the headers that tell the API who sends a request. */
export type Identify = (request: ApiRequest) => Promise<Readonly<Record<string, string>>>;

/** API Gateway answers within 30 seconds, whatever the function does (HTTP API quotas). */
const PATIENCE_MS = 40_000;

/** The public HTTP API as any client sees it. */
export class OrdersClient {
  constructor(
    private readonly endpoint: string,
    private readonly newKey: () => string,
    private readonly identify: Identify,
    private readonly patienceMs: number = PATIENCE_MS,
  ) {}

  /** @throws ApiError for every answer but 2xx, NoAnswerError when there is none in time */
  create(order: unknown, idempotencyKey = this.newKey()): Promise<ApiAnswer> {
    return this.#send('POST', '/orders', order, { 'idempotency-key': idempotencyKey });
  }

  /** `ifMatch` is the version the change is based on; the order's current one when it is left out. */
  async update(orderId: string, change: unknown, ifMatch?: string, idempotencyKey = this.newKey()): Promise<ApiAnswer> {
    const etag = ifMatch === undefined ? (await this.get(orderId)).etag : `"${ifMatch}"`;
    return this.#send('PATCH', `/orders/${encodeURIComponent(orderId)}`, change, {
      'idempotency-key': idempotencyKey,
      ...(etag === undefined ? {} : { 'if-match': etag }),
    });
  }

  get(orderId: string): Promise<ApiAnswer> {
    return this.#send('GET', `/orders/${encodeURIComponent(orderId)}`);
  }

  /**
   * The customer's newest orders, `limit` at most, read page by page; `more` says that there are older ones.
   * @throws ApiError, NoAnswerError as `create`
   */
  async list(
    customerId: string,
    limit: number,
  ): Promise<{ readonly orders: readonly ListedOrder[]; readonly more: boolean }> {
    const orders: ListedOrder[] = [];
    const path = `/customers/${encodeURIComponent(customerId)}/orders`;
    let cursor: string | undefined;
    do {
      const query = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`;
      const page = (await this.#send('GET', path + query)).body as {
        readonly orders: readonly ListedOrder[];
        readonly nextCursor?: string;
      };
      orders.push(...page.orders);
      cursor = page.nextCursor;
    } while (cursor !== undefined && orders.length < limit);
    return { orders: orders.slice(0, limit), more: cursor !== undefined || orders.length > limit };
  }

  async #send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ApiAnswer> {
    const request: ApiRequest = {
      method,
      url: this.endpoint + path,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    };
    const { response, text } = await this.#fetch(request, await this.identify(request));
    const answer = parseJson(text);
    if (!response.ok) throw new ApiError(response.status, answer, `${method} ${path}`);
    const location = response.headers.get('location');
    return {
      status: response.status,
      body: answer,
      etag: response.headers.get('etag') ?? undefined,
      location: location === null ? undefined : new URL(location, response.url).href,
    };
  }

  async #fetch(
    { method, url, headers, body }: ApiRequest,
    identity: Readonly<Record<string, string>>,
  ): Promise<{ readonly response: Response; readonly text: string }> {
    const signal = AbortSignal.timeout(this.patienceMs);
    try {
      const response = await fetch(url, {
        method,
        headers: { ...headers, ...identity },
        ...(body === undefined ? {} : { body }),
        signal,
      });
      return { response, text: await response.text() };
    } catch (error) {
      throw signal.aborted ? new NoAnswerError(new URL(url).host, this.patienceMs) : error;
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
