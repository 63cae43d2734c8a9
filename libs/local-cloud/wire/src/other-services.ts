import { types } from 'node:util';
import { unsupportedService, type AwsError, type EngineLog } from '@outbox/local-cloud-kernel';
import type { Authorization } from './authorization';
import { SERVICE_MODELS } from './catalogue';
import { cborRpc, RPC_V2_PATH } from './cbor-rpc';
import { jsonRpc } from './json-rpc';
import type { WireAnswer, WireRequest } from './protocol';
import { formOf, query } from './query';
import { restJson } from './rest-json';
import { escapeXml } from './xml';

/** What calls of services need that the local cloud doesn't have. */
export interface OtherServicesPorts {
  readonly log: EngineLog;
  /** Origin of an emulator that gets these calls; undefined to refuse them all. */
  readonly fallback?: string;
  /** Told of every call; `service` begins with `fallback ` where it was handed on. */
  readonly onCall?: (service: string, operation: string) => void;
}

/**
 * Who somebody is and what they may do: handed to nobody, or a stack would be right there and wrong here. By the name a
 * request is signed for.
 */
const IDENTITY: ReadonlySet<string> = new Set([
  ...['access-analyzer', 'cognito-identity', 'cognito-idp', 'identitystore', 'organizations', 'ram'],
  ...['rolesanywhere', 'signin', 'sso', 'sso-directory', 'sso-oauth', 'verifiedpermissions'],
]);

/** Headers that concern one connection, or that whoever sends sets anew. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  ...['connection', 'content-length', 'host', 'keep-alive', 'proxy-connection', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'expect'],
]);

/** Whether the local cloud has a service of that signing name. */
export function isServed(signingName: string): boolean {
  return [...SERVICE_MODELS.values()].some(({ facts }) => facts.signingName === signingName);
}

/** Calls of services that the local cloud doesn't have: refused in a form that their clients read, or handed on. */
export class OtherServices {
  constructor(private readonly ports: OtherServicesPorts) {}

  /** Nobody's signature is checked: to be told that there is nothing takes no permission. Never throws. */
  async answer(request: WireRequest, { service }: Authorization, requestId: string): Promise<WireAnswer> {
    const operation = operationOf(request);
    const { fallback, log, onCall } = this.ports;
    if (fallback === undefined || IDENTITY.has(service)) {
      onCall?.(service, operation);
      const error = unsupportedService(service, operation);
      log('debug', 'request', { service, operation, error: error.code, requestId });
      return refusal(request, service, error, requestId);
    }
    onCall?.(`fallback ${service}`, operation);
    try {
      const answer = await forward(request, fallback);
      log('info', 'handed to the fallback', { service, operation, status: answer.status, fallback });
      return answer;
    } catch (cause) {
      const reason = reasonOf(cause);
      log('warn', 'the fallback does not answer', { service, operation, fallback, reason });
      const error = unsupportedService(service, operation, `, and the fallback ${fallback} doesn't answer (${reason})`);
      return refusal(request, service, error, requestId);
    }
  }
}

/** What is called, as far as its protocol says: the operation, or method and path. */
function operationOf(request: WireRequest): string {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return target.slice(target.lastIndexOf('.') + 1);
  return RPC_V2_PATH.exec(request.path)?.[2] ?? formOf(request)?.get('Action') ?? `${request.method} ${request.path}`;
}

/** The error in the protocol of a service, which is known by what was sent and, where XML differs, by its name. */
function refusal(request: WireRequest, service: string, error: AwsError, requestId: string): WireAnswer {
  const code = `<Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message>`;
  if (service === 's3express') {
    return xml(error, `<Error>${code}<RequestId>${requestId}</RequestId></Error>`);
  }
  if (service === 'ec2') {
    return xml(
      error,
      `<Response><Errors><Error>${code}</Error></Errors><RequestID>${requestId}</RequestID></Response>`,
    );
  }
  const form = formOf(request);
  if (request.headers['x-amz-target'] !== undefined) return jsonRpc(request).fail(undefined, error, requestId);
  if (RPC_V2_PATH.test(request.path)) return cborRpc(request).fail(undefined, error, requestId);
  if (form?.has('Action') || REST_XML.has(service)) {
    return query(undefined, form ?? new URLSearchParams(), '/').fail(undefined, error, requestId);
  }
  return restJson(request, {}).fail(undefined, error, requestId);
}

/** Services whose REST API is XML, S3 apart. */
const REST_XML: ReadonlySet<string> = new Set(['cloudfront', 'route53', 's3-outposts']);

function xml({ status }: AwsError, body: string): WireAnswer {
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

async function forward(request: WireRequest, fallback: string): Promise<WireAnswer> {
  const { method, path, queryString, body } = request;
  const response = await fetch(`${fallback}${path}${queryString === '' ? '' : `?${queryString}`}`, {
    method,
    headers: withoutHopByHop(Object.entries(request.headers)),
    redirect: 'manual',
    ...(method === 'GET' || method === 'HEAD' ? {} : { body: new Uint8Array(body) }),
  });
  const headers = withoutHopByHop(response.headers);
  // What comes out of `fetch` is unpacked.
  delete headers['content-encoding'];
  return { status: response.status, headers, body: new Uint8Array(await response.arrayBuffer()) };
}

/** The innermost cause: "fetch failed" says nothing by itself. */
function reasonOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}

function withoutHopByHop(headers: Iterable<readonly [string, string]>): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => !HOP_BY_HOP.has(name)));
}
