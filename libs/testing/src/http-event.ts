import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** A request as API Gateway hands it to a function (HTTP API, payload format 2.0). */
export function httpEvent(
  method: string,
  path: string,
  more: Partial<Omit<APIGatewayProxyEventV2, 'requestContext'>> = {},
): APIGatewayProxyEventV2 {
  const routeKey = more.routeKey ?? '$default';
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: {},
    isBase64Encoded: false,
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'localhost',
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'spec' },
      requestId: 'req-1',
      routeKey,
      stage: '$default',
      time: '01/Jan/2026:12:00:00 +0000',
      timeEpoch: Date.UTC(2026, 0, 1, 12),
    },
    ...more,
  };
}
