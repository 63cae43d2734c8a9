import { isUtf8 } from 'node:buffer';
import type { ApiRecord, StageRecord } from '../model';
import { functionHeaders } from './headers';
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
  /** The one the client called. */
  readonly port: number;
  readonly protocol: string;
  /** Of the trace that begins here. */
  readonly traceRoot: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

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
  const headers = functionHeaders(request);
  const cookies = (request.headers['cookie'] ?? '').split(/;\s*/).filter((cookie) => cookie !== '');
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

/** Decoded; a repeated parameter's values are joined with commas. */
function queryParameters(raw: string): Readonly<Record<string, string>> | undefined {
  const all = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(raw)) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : `${before},${value}`);
  }
  return all.size > 0 ? Object.fromEntries(all) : undefined;
}

/**
 * What API Gateway takes for text: everything else, forms and a body without a type included, is base64. The list isn't
 * documented; it is what others saw on AWS (ministackorg/ministack#766, floci-io/floci#2172).
 */
const TEXT = /^(text\/[\w.+-]+|application\/(json|xml|javascript|graphql))$/;

/** Text that is no UTF-8, or is compressed, is base64 too, so that nothing of it is lost. */
function bodyOf(request: ApiRequest): { readonly body?: string; readonly isBase64Encoded: boolean } {
  if (request.body.length === 0) return { isBase64Encoded: false };
  const isText = isTextType(request.headers['content-type'] ?? '') && !request.headers['content-encoding'];
  return isText && isUtf8(request.body)
    ? { body: request.body.toString('utf8'), isBase64Encoded: false }
    : { body: request.body.toString('base64'), isBase64Encoded: true };
}

function isTextType(contentType: string): boolean {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  return TEXT.test(type) && (charset === undefined || /^charset="?utf-8"?$/.test(charset));
}
