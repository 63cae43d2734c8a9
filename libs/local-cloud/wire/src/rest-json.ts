import type { NormalizedSchema } from '@smithy/core/schema';
import type { AwsError } from '@outbox/local-cloud-kernel';
import { decodeMembers, wireName, type Decoded } from './decode';
import { encodeValue } from './encode';
import { failureBody, failureOf, type Failure } from './failure';
import { JSON_FORMAT, parseJsonObject } from './json';
import type { OperationModel } from './model';
import type { Protocol, WireAnswer, WireRequest } from './protocol';
import { formatText, HTTP_DATE, parseText } from './scalars';

/** restJson1: members in the path, the query string, headers and a JSON body (or a body that is one member). */
export function restJson(request: WireRequest, labels: Readonly<Record<string, string>>): Protocol {
  return {
    decode: (operation) => decodeRest(request, labels, operation),
    encode: (operation, output) => encodeRest(operation, output),
    fail: (service, error) => {
      const failure = failureOf(service, error);
      const body = failureBody(failure, error, JSON_FORMAT);
      return {
        status: restStatus(failure, error),
        headers: { 'content-type': 'application/json', 'x-amzn-errortype': failure.code },
        body: JSON.stringify(body),
      };
    },
  };
}

function decodeRest(
  request: WireRequest,
  labels: Readonly<Record<string, string>>,
  operation: OperationModel,
): Decoded {
  const query = new URLSearchParams(request.queryString);
  let json: Record<string, unknown> | undefined;
  return decodeMembers(operation.input, (name, member) => {
    const traits = member.getMergedTraits();
    if (traits.httpLabel) return labels[name] === undefined ? undefined : parseText(member, labels[name]);
    if (traits.httpQuery) return readQuery(member, query.getAll(traits.httpQuery));
    if (traits.httpHeader) {
      const text = request.headers[traits.httpHeader.toLowerCase()];
      return text === undefined ? undefined : parseText(member, text);
    }
    if (traits.httpPayload) return readPayload(member, request.body);
    json ??= parseJsonObject(request.body);
    const key = wireName(name, member);
    return Object.hasOwn(json, key) ? json[key] : undefined;
  });
}

function readQuery(member: NormalizedSchema, values: readonly string[]): unknown {
  const [first] = values;
  if (first === undefined) return undefined;
  return member.isListSchema()
    ? values.map((value) => parseText(member.getValueSchema(), value))
    : parseText(member, first);
}

function readPayload(member: NormalizedSchema, body: Buffer): unknown {
  if (body.byteLength === 0) return undefined;
  if (member.isBlobSchema()) return body;
  return member.isStringSchema() ? body.toString('utf8') : parseJsonObject(body);
}

function encodeRest(operation: OperationModel, output: unknown): WireAnswer {
  const source = (output ?? {}) as Readonly<Record<string, unknown>>;
  const headers: Record<string, string> = {};
  const json: Record<string, unknown> = {};
  let status = operation.http?.status ?? 200;
  let payload: WireAnswer['body'] | undefined;
  for (const [name, member] of operation.output.structIterator()) {
    const value = source[name];
    if (value === undefined || value === null) continue;
    const traits = member.getMergedTraits();
    if (traits.httpResponseCode) status = Number(value);
    else if (traits.httpHeader) headers[traits.httpHeader.toLowerCase()] = formatText(member, value, HTTP_DATE);
    else if (traits.httpPayload) payload = writePayload(member, value);
    else json[wireName(name, member)] = encodeValue(member, value, JSON_FORMAT);
  }
  if (status === 204) return { status, headers, body: '' };
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: payload ?? body(operation, json),
  };
}

/** An operation whose whole body is one member answers nothing when that member is absent. */
function body(operation: OperationModel, json: Record<string, unknown>): string {
  for (const [, member] of operation.output.structIterator()) {
    if (member.getMergedTraits().httpPayload) return '';
  }
  return JSON.stringify(json);
}

function writePayload(member: NormalizedSchema, value: unknown): WireAnswer['body'] {
  if (value instanceof Uint8Array || typeof value === 'string') return value;
  return JSON.stringify(encodeValue(member, value, JSON_FORMAT));
}

/** What a model says wins; errors every service shares concern either the caller (403) or the request (as thrown). */
function restStatus(failure: Failure, error: AwsError): number {
  return failure.model?.status ?? (FORBIDDEN.has(failure.code) ? 403 : error.status);
}

const FORBIDDEN = new Set([
  'AccessDeniedException',
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
]);
