import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { httpEvent } from './http-event';

/** A request as it goes over the wire. */
export interface WireRequest {
  /** `GET /customers/a%2Fb/orders`. */
  readonly line: string;
  /** Header lines, in order; a name may come more than once. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
}

/** Media types whose bodies API Gateway passes as text; all others it passes in base64. */
const TEXT = /^(text\/|application\/(json|xml|javascript)\s*(;|$))/i;

/**
 * The event that API Gateway makes of a request to this route: path decoded, parameters decoded one by one, lines of a
 * header joined by commas. Source: API Gateway developer guide, http-api-develop-integrations-lambda.
 */
export function gatewayEvent(routeKey: string, { line, headers = [], body }: WireRequest): APIGatewayProxyEventV2 {
  const [method = '', path = ''] = line.split(' ');
  const joined: Record<string, string> = {};
  for (const [name, value] of headers) {
    const before = joined[name.toLowerCase()];
    joined[name.toLowerCase()] = before === undefined ? value : `${before},${value}`;
  }
  const isBase64Encoded = body !== undefined && !TEXT.test(joined['content-type'] ?? '');
  return httpEvent(method, decodeURIComponent(path), {
    routeKey,
    headers: joined,
    isBase64Encoded,
    ...(routeKey.includes('{') ? { pathParameters: parametersOf(routeKey, path) } : {}),
    ...(body === undefined ? {} : { body: Buffer.from(body).toString(isBase64Encoded ? 'base64' : 'utf8') }),
  });
}

function parametersOf(routeKey: string, path: string): Record<string, string> {
  const segments = path.split('/');
  const parameters: Record<string, string> = {};
  for (const [index, part] of (routeKey.split(' ')[1] ?? '').split('/').entries()) {
    const [, name, greedy] = /^\{(.+?)(\+?)\}$/.exec(part) ?? [];
    if (name === undefined) continue;
    parameters[name] = decodeURIComponent(greedy ? segments.slice(index).join('/') : (segments[index] ?? ''));
  }
  return parameters;
}
