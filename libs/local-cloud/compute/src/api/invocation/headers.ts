import type { ApiRequest } from './request-event';

/** Of one connection only: neither API Gateway nor a function passes them on. Source: RFC 9110, section 7.6.1. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'proxy-connection',
  'proxy-authorization',
  'expect',
]);

export function isHopByHop(name: string): boolean {
  return HOP_BY_HOP.has(name);
}

/**
 * A request's headers as its function gets them: those of the connection and the cookies are gone, API Gateway's own are
 * added. Of a client's `x-forwarded-*` only the chain of addresses is kept.
 * Source: API Gateway developer guide, http-api-develop-integrations-lambda (the example event, and what AWS adds to it).
 */
export function functionHeaders(request: ApiRequest): Record<string, string> {
  const { headers, sourceIp, port, traceRoot } = request;
  const clients = Object.entries(headers).filter(([name]) => name !== 'cookie' && !isHopByHop(name));
  const forwardedFor = headers['x-forwarded-for'];
  return {
    ...Object.fromEntries(clients),
    'content-length': String(request.body.length),
    'x-amzn-trace-id': traceHeader(traceRoot, headers['x-amzn-trace-id']),
    'x-forwarded-for': forwardedFor === undefined ? sourceIp : `${forwardedFor}, ${sourceIp}`,
    'x-forwarded-port': String(port),
    'x-forwarded-proto': 'http',
  };
}

/**
 * The trace of a client goes on, with this request as a part of it: all its fields stay, `Self` is new.
 * Source: Elastic Load Balancing, load-balancer-request-tracing.
 */
function traceHeader(root: string, sent: string | undefined): string {
  const fields = (sent ?? '').split(';').map((field) => field.trim());
  if (!fields.some((field) => /^Root=[\w-]+$/.test(field))) return `Root=${root}`;
  return [`Self=${root}`, ...fields.filter((field) => field !== '' && !field.startsWith('Self='))].join(';');
}
