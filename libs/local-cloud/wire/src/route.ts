import { AwsError } from '@outbox/local-cloud-kernel';
import { SERVICE_MODELS } from './catalogue';
import { cborRpc, RPC_V2_PATH } from './cbor-rpc';
import { jsonRpc } from './json-rpc';
import type { OperationModel, ServiceModel } from './model';
import type { Protocol, WireRequest } from './protocol';
import { formOf, query } from './query';
import { restJson } from './rest-json';
import { s3Route } from './s3/s3-route';
import { unknownOperation } from './wire-errors';

/** What a request asks for, and the protocol it (and so its answer) is written in. */
export interface Route {
  readonly protocol: Protocol;
  readonly service: ServiceModel | undefined;
  /** The operation, or why there is none. */
  readonly target: OperationModel | AwsError;
}

/**
 * Finds service, operation and protocol: by `X-Amz-Target`, by the RPC v2 path, by `Action`, or by method and path.
 * The credential scope's `signingName` only picks the service where the request itself doesn't name it; several
 * protocols of one service are told apart by what was sent, because SDK generations differ.
 */
export function route(request: WireRequest, signingName: string | undefined): Route {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return byTarget(request, target);
  const rpc = RPC_V2_PATH.exec(request.path);
  if (rpc && request.headers['smithy-protocol'] === 'rpc-v2-cbor') {
    const service = find(({ facts }) => facts.rpcV2 === true && facts.targetPrefix === rpc[1]);
    return named(cborRpc(request), service, rpc[2] ?? '', `${rpc[1]}.${rpc[2]}`);
  }
  const form = formOf(request);
  const action = form?.get('Action');
  if (form && action && speaksQuery(signingName)) return byAction(form, action, signingName, request.path);
  return byPath(request, signingName);
}

function byTarget(request: WireRequest, target: string): Route {
  const at = target.lastIndexOf('.');
  return named(jsonRpc(request), byPrefix(target.slice(0, Math.max(0, at))), target.slice(at + 1), target);
}

function byAction(form: URLSearchParams, action: string, signingName: string | undefined, path: string): Route {
  const version = form.get('Version') ?? undefined;
  const service = find(
    ({ facts }) =>
      facts.query !== undefined && (signingName ? facts.signingName === signingName : facts.query.version === version),
  );
  const operation = service?.operations.get(action);
  const known = operation && (version === undefined || version === service?.facts.query?.version);
  const message = `Could not find operation ${action} for version ${version ?? 'NO_VERSION_SPECIFIED'}`;
  return {
    protocol: query(service, form, path),
    service,
    target: known ? operation : new AwsError('InvalidAction', message),
  };
}

/** An unsigned request, or one to a service nobody runs here, may well be Query; `Action` is also a field of rest-json services. */
function speaksQuery(signingName: string | undefined): boolean {
  const named = [...SERVICE_MODELS.values()].filter(({ facts }) => facts.signingName === signingName);
  return named.length === 0 || named.some(({ facts }) => facts.query !== undefined);
}

function byPath(request: WireRequest, signingName: string | undefined): Route {
  const service = find(({ facts }) => facts.signingName === signingName && !facts.targetPrefix && !facts.query);
  if (service?.facts.xmlNamespace !== undefined) return s3Route(request, service);
  const match = service?.matchPath(request.method, request.path, new URLSearchParams(request.queryString));
  return {
    protocol: restJson(request, match?.labels ?? {}),
    service,
    target: match?.operation ?? unknownOperation(`${request.method} ${request.path}`),
  };
}

function named(protocol: Protocol, service: ServiceModel | undefined, operation: string, what: string): Route {
  return { protocol, service, target: service?.operations.get(operation) ?? unknownOperation(what) };
}

function byPrefix(prefix: string): ServiceModel | undefined {
  return find(({ facts }) => facts.targetPrefix === prefix);
}

function find(matches: (model: ServiceModel) => boolean): ServiceModel | undefined {
  for (const model of SERVICE_MODELS.values()) {
    if (matches(model)) return model;
  }
  return undefined;
}

/** For services that are not here, which a fallback may have. */
const OTHERS_MAX_BYTES = 64 * 1024 * 1024;

/** The largest body a request of that credential scope may have. */
export function maxBytes(signingName: string | undefined): number {
  const limits = [...SERVICE_MODELS.values()]
    .filter(({ facts }) => facts.signingName === signingName)
    .map(({ facts }) => facts.maxBytes);
  return signingName !== undefined && limits.length === 0 ? OTHERS_MAX_BYTES : Math.max(1024 * 1024, ...limits);
}
