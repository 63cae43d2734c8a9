import type { CorsRecord } from '../model';
import type { ApiRequest } from './request-event';
import type { ApiResponse } from './to-response';

/**
 * The answer to a preflight, which the API gives by itself: 204, with the configured headers when the origin is one of
 * the configured. Undefined for any other request. Source: API Gateway developer guide, http-api-cors.
 */
export function preflight(cors: CorsRecord | undefined, request: ApiRequest): ApiResponse | undefined {
  if (!cors || request.method !== 'OPTIONS') return undefined;
  const origin = allowedOrigin(cors, request);
  const answer = { status: 204, cookies: [], body: Buffer.alloc(0) };
  if (origin === undefined || request.headers['access-control-request-method'] === undefined) {
    return { ...answer, headers: {} };
  }
  return {
    ...answer,
    headers: {
      ...shared(cors, origin),
      ...(cors.allowMethods.length > 0 ? { 'access-control-allow-methods': cors.allowMethods.join(',') } : {}),
      ...(cors.allowHeaders.length > 0 ? { 'access-control-allow-headers': cors.allowHeaders.join(',') } : {}),
      ...(cors.maxAge === undefined ? {} : { 'access-control-max-age': String(cors.maxAge) }),
    },
  };
}

/** An integration's answer with the API's CORS headers; those of the integration itself are dropped. */
export function withCors(cors: CorsRecord | undefined, request: ApiRequest, response: ApiResponse): ApiResponse {
  if (!cors) return response;
  const own = Object.entries(response.headers).filter(([name]) => !name.startsWith('access-control-'));
  const headers = Object.fromEntries(own);
  const origin = allowedOrigin(cors, request);
  if (origin !== undefined) {
    Object.assign(headers, shared(cors, origin));
    if (cors.exposeHeaders.length > 0) headers['access-control-expose-headers'] = cors.exposeHeaders.join(',');
  }
  return { ...response, headers };
}

function shared(cors: CorsRecord, origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    ...(cors.allowCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
  };
}

/** What may be said of the request's origin: `*` where anybody is let in, else the origin itself when it is known. */
function allowedOrigin({ allowOrigins }: CorsRecord, request: ApiRequest): string | undefined {
  const { origin } = request.headers;
  if (origin === undefined) return undefined;
  if (allowOrigins.includes('*')) return '*';
  const known = allowOrigins.some((one) =>
    one.endsWith('://*') ? origin.startsWith(one.slice(0, -1)) : one.toLowerCase() === origin.toLowerCase(),
  );
  return known ? origin : undefined;
}
