import type { LogFields } from '../authorization/outcome';
import type { ApiRecord, StageRecord } from '../model';
import type { AccessLogFields } from './access-log';
import type { IntegrationOutcome } from './integration';
import type { RouteMatch } from './match-route';
import { requestTime, type ApiRequest } from './request-event';
import type { ApiResponse } from './to-response';

/** One request and what became of it. */
export interface Exchange {
  readonly match?: RouteMatch | undefined;
  readonly authorization?: LogFields | undefined;
  readonly outcome?: IntegrationOutcome | undefined;
  readonly response: ApiResponse;
}

/** Every `$context` variable of one request. Source: API Gateway developer guide, http-api-logging-variables. */
export function accessLogFields(
  api: ApiRecord,
  stage: StageRecord,
  request: ApiRequest,
  { match, authorization, outcome, response }: Exchange,
  latency: number,
): AccessLogFields {
  const failure = outcome?.error;
  return {
    accountId: api.accountId,
    apiId: api.apiId,
    dataProcessed: request.body.length + response.body.length,
    domainName: request.headers['host'],
    domainPrefix: api.apiId,
    'error.message': failure ?? (outcome ? undefined : messageOf(response)),
    'error.messageString': failure === undefined ? undefined : JSON.stringify(failure),
    extendedRequestId: request.requestId,
    httpMethod: request.method,
    'identity.sourceIp': request.sourceIp,
    'identity.userAgent': request.headers['user-agent'],
    'integration.error': failure,
    'integration.integrationStatus': outcome?.status,
    'integration.latency': outcome?.latencyMs,
    'integration.status': outcome && failure === undefined ? response.status : outcome?.status,
    integrationErrorMessage: failure,
    integrationLatency: outcome?.latencyMs,
    integrationStatus: outcome?.status,
    path: request.rawPath,
    protocol: request.protocol,
    requestId: request.requestId,
    requestTime: requestTime(request.receivedAt),
    requestTimeEpoch: Math.floor(request.receivedAt),
    responseLatency: latency,
    responseLength: response.body.length,
    routeKey: match?.route.routeKey,
    stage: stage.name,
    status: response.status,
    ...authorization,
  };
}

function messageOf(response: ApiResponse): string | undefined {
  return response.status < 400
    ? undefined
    : (JSON.parse(response.body.toString('utf8')) as { message: string }).message;
}
