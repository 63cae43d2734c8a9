import { AwsError } from '@outbox/local-cloud-kernel';
import type { OperationModel, ServiceModel } from '../model';
import type { WireRequest } from '../protocol';
import type { Route } from '../route';
import { unknownOperation } from '../wire-errors';
import { restXml } from './rest-xml';

/**
 * The operation of a request to S3: by method, by whether it names a bucket and a key, and by which of what operations
 * demand (parameters of the query, headers) is there. The bucket is in the path, or in the host.
 */
export function s3Route(request: WireRequest, service: ServiceModel): Route {
  const { facts } = service;
  const labels = placeOf(request);
  const target = labels
    ? operationOf(request, service, labels)
    : new AwsError('InvalidURI', `Couldn't parse the specified URI: ${request.path}`);
  return { protocol: restXml(request, labels ?? {}, facts.xmlNamespace ?? ''), service, target };
}

type Labels = Readonly<Record<string, string>>;

function operationOf(request: WireRequest, service: ServiceModel, labels: Labels) {
  const query = new URLSearchParams(request.queryString);
  let best: { readonly operation: OperationModel; readonly demands: number } | undefined;
  for (const operation of service.operations.values()) {
    const demands = demandsMet(operation, request, query, labels);
    if (demands === undefined) continue;
    if (!best || demands > best.demands || (demands === best.demands && isNamed(operation, query))) {
      best = { operation, demands };
    }
  }
  return best?.operation ?? unknownOperation(`${request.method} ${request.path}`);
}

/** Of two that are alike SDKs name the one they mean; of buckets' lists the one of common buckets is meant. */
function isNamed({ name }: OperationModel, query: URLSearchParams): boolean {
  return name === (query.get('x-id') ?? 'ListBuckets');
}

/** How many of an operation's demands are met; undefined when one isn't. */
function demandsMet(
  { http, input }: OperationModel,
  request: WireRequest,
  query: URLSearchParams,
  labels: Labels,
): number | undefined {
  const fixed = http?.method === request.method ? http.matchQuery(query) : undefined;
  if (fixed === undefined || input.isUnitSchema()) return undefined;
  let met = fixed;
  let required = requiredCount(input.getSchema());
  const named = new Set<string>();
  for (const [name, member] of input.structIterator()) {
    const { httpLabel, httpQuery, httpHeader } = member.getMergedTraits();
    const isRequired = required-- > 0;
    if (httpLabel) named.add(name);
    if (!isRequired || (!httpQuery && !httpHeader)) continue;
    const isThere = httpQuery ? query.has(httpQuery) : Object.hasOwn(request.headers, (httpHeader ?? '').toLowerCase());
    if (!isThere) return undefined;
    met += 1;
  }
  const isPlace = ['Bucket', 'Key'].every((name) => named.has(name) === Object.hasOwn(labels, name));
  return isPlace ? met : undefined;
}

/** Structures list their required members first and count them in the seventh place. */
function requiredCount(schema: unknown): number {
  const count: unknown = Array.isArray(schema) ? schema[6] : undefined;
  return typeof count === 'number' ? count : 0;
}

/** Hosts that have a bucket before them: `bucket.localhost`, `bucket.s3.localhost`, and S3's own. */
const VIRTUAL_HOST = /^(.+?)(?:\.s3(?:[.-][a-z0-9-]+)?)?\.(?:localhost|amazonaws\.com)$/;

function placeOf({ path, headers }: WireRequest): Labels | undefined {
  try {
    const host = (headers['host'] ?? '').replace(/:\d+$/, '');
    const virtual = VIRTUAL_HOST.exec(host)?.[1];
    if (virtual !== undefined && virtual !== 's3') return labelsOf(virtual, path.slice(1));
    const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
    return labelsOf(decodeURIComponent(bucket), key);
  } catch {
    return undefined;
  }
}

function labelsOf(bucket: string, key: string): Labels {
  return {
    ...(bucket === '' ? {} : { Bucket: bucket }),
    ...(key === '' ? {} : { Key: decodeURIComponent(key) }),
  };
}
