import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isObject } from '@outbox/local-cloud-kernel';
import { isHopByHop } from './headers';

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
 * A function's answer as payload format 2.0 reads it: with a `statusCode` a response, without one the body of a 200, even
 * when it is no JSON (as AWS's own emulator found, aws/aws-lambda-dotnet LambdaTestTool-v2).
 * @returns undefined for a malformed response (500 on AWS)
 * Source: API Gateway developer guide, http-api-develop-integrations-lambda, "Lambda function response".
 */
export function toResponse(payload: Uint8Array): ApiResponse | undefined {
  const text = Buffer.from(payload).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return inferred(text);
  }
  if (typeof value === 'string') return inferred(value);
  if (!isObject(value) || value['statusCode'] === undefined) return inferred(JSON.stringify(value));
  const status = statusOf(value['statusCode']);
  const headers = headersOf(value['headers'] ?? {});
  const cookies = cookiesOf(value['cookies'] ?? []);
  const body = bodyOf(value['body'] ?? '', value['isBase64Encoded'] === true);
  if (status === undefined || !headers || !cookies || !body) return undefined;
  const { 'set-cookie': cookie, ...others } = headers;
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...others },
    cookies: cookie === undefined ? cookies : [...cookies, cookie],
    body,
  };
}

function inferred(body: string): ApiResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(body) };
}

/** A final status, as a number or its digits; 1xx would leave the client waiting for another. */
function statusOf(value: unknown): number | undefined {
  if (typeof value !== 'number' && !(typeof value === 'string' && /^\d+$/.test(value))) return undefined;
  const status = Number(value);
  return Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined;
}

/** Undefined when one of them can't be written to HTTP. What belongs to the connection is API Gateway's own affair. */
function headersOf(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isObject(value)) return undefined;
  const headers = Object.entries(value).map(([name, header]) => [name.toLowerCase(), header] as const);
  if (!headers.every(([name, header]) => isScalar(header) && isWritable(name, String(header)))) return undefined;
  const kept = headers.filter(([name]) => !isHopByHop(name) && name !== 'content-length');
  return Object.fromEntries(kept.map(([name, header]) => [name, String(header)]));
}

function cookiesOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const isCookie = (cookie: unknown): cookie is string =>
    typeof cookie === 'string' && isWritable('set-cookie', cookie);
  return value.every(isCookie) ? value : undefined;
}

function bodyOf(value: unknown, isBase64: boolean): Buffer | undefined {
  if (typeof value !== 'string') return undefined;
  if (isBase64 && !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) return undefined;
  return Buffer.from(value, isBase64 ? 'base64' : 'utf8');
}

/** Whether HTTP can carry it: a line break, for one, would split the response. */
function isWritable(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
