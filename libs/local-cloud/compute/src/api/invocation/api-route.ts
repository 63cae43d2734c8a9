import type { IncomingMessage, ServerResponse } from 'node:http';
import { own, type Authenticate, type Engine, type HttpRoute } from '@outbox/local-cloud-kernel';
import type { RoleSessions } from '../../role-sessions';
import { traceRoot } from '../../trace-root';
import type { Apis } from '../apis';
import { RouteAuthorizer } from '../authorization/route-authorizer';
import type { ApiRecord, StageRecord } from '../model';
import { AccessLogs } from './access-log';
import { accessLogFields, type Exchange } from './access-log-fields';
import { recordRequest } from './api-metrics';
import { preflight, withCors } from './cors';
import { Integrations } from './integration';
import { decode, matchRoute, type RouteMatch } from './match-route';
import { toEvent, type ApiRequest } from './request-event';
import { Throttle } from './throttle';
import { gatewayResponse, type ApiResponse } from './to-response';
import { MAX_BODY_BYTES, MAX_HEAD_BYTES } from '../limits';

const PATH = /^\/_api\/([a-z0-9]+)(\/[^?]*)?(?:\?(.*))?$/;

/** Answers requests to HTTP APIs at `/_api/<api id>/<path>`. */
export class ApiRoute implements HttpRoute {
  readonly prefix = '/_api/';
  readonly #throttle: Throttle;
  readonly #logs: AccessLogs;
  readonly #integrations: Integrations;
  readonly #authorizer: RouteAuthorizer;

  constructor(
    private readonly engine: Engine,
    private readonly apis: Apis,
    roles: RoleSessions,
  ) {
    this.#throttle = new Throttle(engine.clock);
    this.#logs = new AccessLogs(engine);
    this.#integrations = new Integrations(engine, roles);
    this.#authorizer = new RouteAuthorizer(engine);
  }

  async handle(request: IncomingMessage, response: ServerResponse, authenticate: Authenticate): Promise<void> {
    const url = request.url ?? '';
    const [, apiId = '', path = '/', query = ''] = PATH.exec(url) ?? [];
    const requestId = `${this.engine.ids.token(15)}=`;
    const api = this.apis.find(apiId);
    const body = await readBody(request);
    if (!api || api.disabled) {
      send(request, response, requestId, gatewayResponse(404, 'Not Found'));
      return;
    }
    const read: ApiRequest = {
      requestId,
      method: request.method ?? 'GET',
      url,
      rawPath: decode(path),
      rawQueryString: query,
      headers: joined(request),
      body: body ?? Buffer.alloc(0),
      sourceIp: (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
      port: request.socket.localPort ?? 80,
      traceRoot: traceRoot(this.engine),
      protocol: `HTTP/${request.httpVersion}`,
      receivedAt: this.engine.clock.now(),
    };
    const refusal = tooLarge(headBytes(request, apiId), body);
    send(request, response, requestId, await this.#answer(api, path, read, refusal, authenticate));
  }

  /** Writes what access logs still hold. */
  async stop(): Promise<void> {
    await this.#logs.flush();
  }

  async #answer(
    api: ApiRecord,
    path: string,
    request: ApiRequest,
    refusal: ApiResponse | undefined,
    authenticate: Authenticate,
  ): Promise<ApiResponse> {
    const found = findStage(api, path);
    if (!found) return gatewayResponse(404, 'Not Found');
    const { stage, rest } = found;
    const start = this.engine.clock.now();
    const exchange = refusal ? { response: refusal } : await this.#exchange(api, stage, rest, request, authenticate);
    const latency = Math.round(this.engine.clock.now() - start);
    recordRequest(this.engine, api, stage, {
      status: exchange.response.status,
      latencyMs: latency,
      integrationLatencyMs: exchange.outcome?.latencyMs,
      bytes: exchange.response.body.length,
      routeKey: exchange.match?.route.routeKey,
    });
    this.#logs.write(api, stage, accessLogFields(api, stage, request, exchange, latency));
    return exchange.response;
  }

  /** A route that takes OPTIONS comes before the API's own answer to a preflight. */
  async #exchange(
    api: ApiRecord,
    stage: StageRecord,
    path: string,
    request: ApiRequest,
    authenticate: Authenticate,
  ): Promise<Exchange> {
    const deployment = api.deployments[stage.deploymentId ?? ''];
    const match = matchRoute(deployment?.routes ?? [], request.method, path);
    if (!match) return { response: preflight(api.cors, request) ?? gatewayResponse(404, 'Not Found') };
    if (!this.#admits(api, stage, match)) return { match, response: gatewayResponse(429, 'Too Many Requests') };
    const authorized = await this.#authorizer.authorize(
      { api, stage, path: decode(path), request, authenticate },
      match.route,
      deployment?.authorizers ?? {},
    );
    const authorization = authorized?.logFields;
    if (authorized?.kind === 'refused') return { match, authorization, response: authorized.response };
    const integration = deployment?.integrations[match.route.integrationId ?? ''];
    if (!integration) return { match, authorization, response: gatewayResponse(500, 'Internal Server Error') };
    const payload = Buffer.from(JSON.stringify(toEvent(api, stage, match, request, authorized?.authorizer)));
    const start = this.engine.clock.now();
    const answered = await this.#integrations.run(api, stage, match, integration, request.method, payload);
    const outcome = { ...answered, latencyMs: Math.round(this.engine.clock.now() - start) };
    return { match, authorization, outcome, response: withCors(api.cors, request, outcome.response) };
  }

  #admits(api: ApiRecord, stage: StageRecord, match: RouteMatch): boolean {
    const { routeKey } = match.route;
    return this.#throttle.admit(
      `${api.apiId} ${stage.name} ${routeKey}`,
      stage.routeSettings[routeKey],
      stage.defaultRouteSettings,
    );
  }
}

/** A named stage is the first segment of the path; `$default` takes what no other stage does. */
function findStage(api: ApiRecord, path: string): { readonly stage: StageRecord; readonly rest: string } | undefined {
  const [, first = ''] = path.split('/');
  const named = first === '' ? undefined : own(api.stages, first);
  if (named) return { stage: named, rest: path.slice(first.length + 1) || '/' };
  const stage = api.stages['$default'];
  return stage && { stage, rest: path };
}

/** Every header once, repeated ones joined with commas; cookies stay as the client sent them. */
function joined(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values = []]) => [
      name,
      values.join(name === 'cookie' ? '; ' : ','),
    ]),
  );
}

/** What API Gateway refuses before it looks for a route. The status for a head that is too large isn't documented: RFC 6585's. */
function tooLarge(head: number, body: Buffer | undefined): ApiResponse | undefined {
  if (head > MAX_HEAD_BYTES) return gatewayResponse(431, 'Request Header Fields Too Large');
  return body === undefined ? gatewayResponse(413, 'Request Entity Too Large') : undefined;
}

/** Bytes of the request line and the header values; the prefix of the API's address is no part of the line on AWS. */
function headBytes(request: IncomingMessage, apiId: string): number {
  const values = request.rawHeaders.filter((_text, index) => index % 2 === 1);
  const line = `${request.method ?? ''} ${(request.url ?? '').slice(`/_api/${apiId}`.length)} HTTP/1.1`;
  return [line, ...values].reduce((sum, text) => sum + Buffer.byteLength(text, 'latin1'), 0);
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
  // RFC 9110, 8.6: the length in a 304 would have to be that of the 200.
  if (![204, 304].includes(answer.status)) response.setHeader('content-length', answer.body.length);
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}
