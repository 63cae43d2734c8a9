/** What goes back to the client. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

/** API Gateway's own answers: `{"message": …}`. Source: API Gateway developer guide, http-api-develop-errors. */
export function gatewayResponse(status: number, message: string): ApiResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    cookies: [],
    body: Buffer.from(JSON.stringify({ message })),
  };
}

/**
 * A function's answer as payload format 2.0 reads it: with a `statusCode` a response, without one the body of a 200.
 * @returns undefined for a malformed response (500 on AWS)
 * Source: API Gateway developer guide, http-api-develop-integrations-lambda, "Lambda function response".
 */
export function toResponse(payload: Uint8Array): ApiResponse | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value['statusCode'] === undefined) return inferred(value);
  const status = Number(value['statusCode']);
  const headers = stringHeaders(value['headers'] ?? {});
  const cookies = value['cookies'] ?? [];
  const body = value['body'] ?? '';
  if (!Number.isInteger(status) || status < 100 || status > 599 || !headers || typeof body !== 'string')
    return undefined;
  if (!Array.isArray(cookies) || !cookies.every((cookie) => typeof cookie === 'string')) return undefined;
  return {
    status,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...headers },
    cookies,
    body: Buffer.from(body, value['isBase64Encoded'] === true ? 'base64' : 'utf8'),
  };
}

function inferred(value: unknown): ApiResponse {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return { status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(body) };
}

function stringHeaders(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isRecord(value)) return undefined;
  const headers: Record<string, string> = {};
  for (const [name, header] of Object.entries(value)) {
    if (header === null || typeof header === 'object' || !/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return undefined;
    const text = String(header);
    // A line break in a header would split the response.
    if ([...text].some((character) => character < ' ' && character !== '\t')) return undefined;
    headers[name.toLowerCase()] = text;
  }
  return headers;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
