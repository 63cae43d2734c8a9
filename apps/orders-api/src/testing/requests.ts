import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** What Lambda tells of an invocation that has just begun. */
export const context = { getRemainingTimeInMillis: () => 10_000 };

/** The authorizer's findings of a token. */
export function jwt(sub: string) {
  return { jwt: { claims: { iss: 'https://issuer', sub }, scopes: [] } };
}

/** A request behind `$default`. */
export function event(
  method: string,
  path: string,
  text?: string,
  headers = {},
  authorizer?: object,
): APIGatewayProxyEventV2 {
  const http = { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'jest' };
  return {
    routeKey: '$default',
    rawPath: path,
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
    isBase64Encoded: false,
    requestContext: { requestId: 'r-1', http, ...(authorizer ? { authorizer } : {}) },
  } as unknown as APIGatewayProxyEventV2;
}

/** The JSON of an answer. */
export function body(answer: APIGatewayProxyStructuredResultV2): Record<string, unknown> {
  return JSON.parse(answer.body ?? '') as Record<string, unknown>;
}

/** The id of the order in an answer. */
export function orderIdOf(answer: APIGatewayProxyStructuredResultV2): string {
  return String(body(answer)['orderId']);
}

/** Status and kind of a problem document. */
export function problem(answer: APIGatewayProxyStructuredResultV2): [number | undefined, string] {
  const { type, requestId } = body(answer);
  expect(answer.headers?.['content-type']).toBe('application/problem+json');
  expect(requestId).toBe('r-1');
  return [answer.statusCode, String(type).replace('urn:outbox:problem:', '')];
}
