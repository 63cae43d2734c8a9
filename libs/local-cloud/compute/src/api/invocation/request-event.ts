import { isUtf8 } from 'node:buffer';
import type { ApiRecord, StageRecord } from '../model';
import type { RouteMatch } from './match-route';

/** A request to an HTTP API, read whole. */
export interface ApiRequest {
  readonly requestId: string;
  readonly method: string;
  /** Path and query as they were sent: what a signature covers. */
  readonly url: string;
  /** With the stage, without query; decoded, which AWS does although its name says otherwise. */
  readonly rawPath: string;
  readonly rawQueryString: string;
  /** Names in lower case; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly protocol: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** Of one connection only; API Gateway does not pass them on. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'proxy-authorization',
  'expect',
]);

/**
 * The event of payload format 2.0; groups without content are left out.
 * Source: API Gateway developer guide, http-api-develop-integrations-lambda.
 */
export function toEvent(
  api: ApiRecord,
  stage: StageRecord,
  match: RouteMatch,
  request: ApiRequest,
  authorizer?: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { headers, cookies } = splitHeaders(request);
  const query = queryParameters(request.rawQueryString);
  const host = headers['host'] ?? '';
  return {
    version: '2.0',
    routeKey: match.route.routeKey,
    rawPath: request.rawPath,
    rawQueryString: request.rawQueryString,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(query ? { queryStringParameters: query } : {}),
    requestContext: {
      accountId: api.accountId,
      apiId: api.apiId,
      ...(authorizer ? { authorizer } : {}),
      domainName: host,
      domainPrefix: api.apiId,
      http: {
        method: request.method,
        path: request.rawPath,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: request.requestId,
      routeKey: match.route.routeKey,
      stage: stage.name,
      time: requestTime(request.receivedAt),
      timeEpoch: Math.floor(request.receivedAt),
    },
    ...(match.pathParameters ? { pathParameters: match.pathParameters } : {}),
    ...(Object.keys(stage.variables).length > 0 ? { stageVariables: stage.variables } : {}),
    ...bodyOf(request),
  };
}

/** e.g. `12/Mar/2020:19:03:58 +0000`. */
export function requestTime(ms: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(ms).toUTCString()) ?? [];
  return `${day ?? ''}/${month ?? ''}/${year ?? ''}:${time ?? ''} +0000`;
}

function splitHeaders(request: ApiRequest): {
  readonly headers: Record<string, string>;
  readonly cookies: readonly string[];
} {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name !== 'cookie' && !HOP_BY_HOP.has(name)) headers[name] = value;
  }
  headers['x-forwarded-for'] = request.sourceIp;
  headers['x-forwarded-proto'] = 'http';
  const cookies = (request.headers['cookie'] ?? '').split(/;\s*/).filter((cookie) => cookie !== '');
  return { headers, cookies };
}

/** Decoded; a repeated parameter's values are joined with commas. */
function queryParameters(raw: string): Readonly<Record<string, string>> | undefined {
  const all = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(raw)) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : `${before},${value}`);
  }
  return all.size > 0 ? Object.fromEntries(all) : undefined;
}

/** Text types are passed as they are, everything else (forms too) as base64; so is text that is no UTF-8, to lose nothing. */
function bodyOf(request: ApiRequest): { readonly body?: string; readonly isBase64Encoded: boolean } {
  if (request.body.length === 0) return { isBase64Encoded: false };
  const type = request.headers['content-type'] ?? 'text/plain';
  const isText =
    /^(text\/|application\/([\w.+-]+\+)?(json|xml|javascript))/i.test(type) && !request.headers['content-encoding'];
  return isText && isUtf8(request.body)
    ? { body: request.body.toString('utf8'), isBase64Encoded: false }
    : { body: request.body.toString('base64'), isBase64Encoded: true };
}
