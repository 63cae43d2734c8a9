import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Engine, HttpRoute } from '@outbox/local-cloud-kernel';
import type { RoleSessions } from '../../role-sessions';
import type { Apis } from '../apis';
import type { ApiRecord, StageRecord } from '../model';
import { AccessLogs } from './access-log';
import { Integrations, type IntegrationOutcome } from './integration';
import { matchRoute, type RouteMatch } from './match-route';
import { requestTime, toEvent, type ApiRequest } from './request-event';
import { Throttle } from './throttle';
import { gatewayResponse, type ApiResponse } from './to-response';

/** Source: API Gateway developer guide, http-api-quotas. */
const MAX_BODY_BYTES = 10_485_760;
const PATH = /^\/_api\/([a-z0-9]+)(\/[^?]*)?(?:\?(.*))?$/;

/** Answers requests to HTTP APIs at `/_api/<api id>/<path>`. */
export class ApiRoute implements HttpRoute {
  readonly prefix = '/_api/';
  readonly #throttle: Throttle;
  readonly #logs: AccessLogs;
  readonly #integrations: Integrations;

  constructor(
    private readonly engine: Engine,
    private readonly apis: Apis,
    roles: RoleSessions,
  ) {
    this.#throttle = new Throttle(engine.clock);
    this.#logs = new AccessLogs(engine);
    this.#integrations = new Integrations(engine, roles);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, apiId = '', path = '/', query = ''] = PATH.exec(request.url ?? '') ?? [];
    const requestId = `${this.engine.ids.token(15)}=`;
    const api = this.apis.find(apiId);
    const body = await readBody(request);
    if (!api || api.disabled) {
      send(request, response, requestId, gatewayResponse(404, 'Not Found'));
      return;
    }
    const answer = await this.#answer(
      api,
      path,
      {
        requestId,
        method: request.method ?? 'GET',
        rawPath: path,
        rawQueryString: query,
        headers: request.headersDistinct ? joined(request) : request.headers,
        body: body ?? Buffer.alloc(0),
        sourceIp: (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
        protocol: `HTTP/${request.httpVersion}`,
        receivedAt: this.engine.clock.now(),
      },
      body === undefined,
    );
    send(request, response, requestId, answer);
  }

  /** Writes what access logs still hold. */
  async stop(): Promise<void> {
    await this.#logs.flush();
  }

  async #answer(api: ApiRecord, path: string, request: ApiRequest, isTooLarge: boolean): Promise<ApiResponse> {
    const found = findStage(api, path);
    if (!found) return gatewayResponse(404, 'Not Found');
    const { stage, rest } = found;
    const deployment = api.deployments[stage.deploymentId ?? ''];
    const match = matchRoute(deployment?.routes ?? [], request.method, rest);
    const start = this.engine.clock.now();
    let outcome: IntegrationOutcome | undefined;
    let response: ApiResponse;
    if (isTooLarge) response = gatewayResponse(413, 'Request Entity Too Large');
    else if (!match) response = gatewayResponse(404, 'Not Found');
    else if (!this.#admits(api, stage, match)) response = gatewayResponse(429, 'Too Many Requests');
    else {
      const integration = deployment?.integrations[match.route.integrationId ?? ''];
      const payload = Buffer.from(JSON.stringify(toEvent(api, stage, match, request)));
      outcome = integration && (await this.#integrations.run(api, stage, match, integration, request.method, payload));
      response = outcome?.response ?? gatewayResponse(500, 'Internal Server Error');
    }
    this.#log(api, stage, match, request, response, outcome, start);
    return response;
  }

  #admits(api: ApiRecord, stage: StageRecord, match: RouteMatch): boolean {
    const { routeKey } = match.route;
    return this.#throttle.admit(
      `${api.apiId} ${stage.name} ${routeKey}`,
      stage.routeSettings[routeKey],
      stage.defaultRouteSettings,
    );
  }

  #log(
    api: ApiRecord,
    stage: StageRecord,
    match: RouteMatch | undefined,
    request: ApiRequest,
    response: ApiResponse,
    outcome: IntegrationOutcome | undefined,
    start: number,
  ): void {
    const latency = Math.round(this.engine.clock.now() - start);
    const failure = outcome?.error;
    this.#logs.write(api, stage, {
      accountId: api.accountId,
      apiId: api.apiId,
      domainName: request.headers.host,
      domainPrefix: api.apiId,
      'error.message': failure ?? (outcome ? undefined : messageOf(response)),
      'error.messageString': failure === undefined ? undefined : JSON.stringify(failure),
      extendedRequestId: request.requestId,
      httpMethod: request.method,
      'identity.sourceIp': request.sourceIp,
      'identity.userAgent': request.headers['user-agent'],
      'integration.error': failure,
      'integration.integrationStatus': outcome?.status,
      'integration.latency': outcome ? latency : undefined,
      'integration.status': outcome && failure === undefined ? response.status : outcome?.status,
      integrationErrorMessage: failure,
      integrationLatency: outcome ? latency : undefined,
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
    });
  }
}

/** A named stage is the first segment of the path; `$default` takes what no other stage does. */
function findStage(api: ApiRecord, path: string): { readonly stage: StageRecord; readonly rest: string } | undefined {
  const [, first = ''] = path.split('/');
  const named = first === '' ? undefined : api.stages[first];
  if (named) return { stage: named, rest: path.slice(first.length + 1) || '/' };
  const stage = api.stages['$default'];
  return stage && { stage, rest: path };
}

function messageOf(response: ApiResponse): string | undefined {
  return response.status < 400
    ? undefined
    : (JSON.parse(response.body.toString('utf8')) as { message: string }).message;
}

/** Every header once, repeated ones joined with commas; cookies stay as the client sent them. */
function joined(request: IncomingMessage): IncomingMessage['headers'] {
  return Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values]) => [
      name,
      values?.join(name === 'cookie' ? '; ' : ','),
    ]),
  );
}

/** Undefined when it is larger than API Gateway takes; the rest is read and dropped, so that the client gets its answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk as Buffer);
  }
  return bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

function send(request: IncomingMessage, response: ServerResponse, requestId: string, answer: ApiResponse): void {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (answer.cookies.length > 0) response.setHeader('set-cookie', answer.cookies);
  response.setHeader('apigw-requestid', requestId);
  response.removeHeader('transfer-encoding');
  response.setHeader('content-length', answer.body.length);
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}
