import type { NormalizedSchema } from '@smithy/core/schema';
import type { AwsError } from '@outbox/local-cloud-kernel';
import { wireName, type Decoded } from './decode';
import { encodeValue } from './encode';
import { failureBody, failureOf, type Failure } from './failure';
import { JSON_FORMAT, parseJsonObject } from './json';
import type { OperationModel } from './model';
import type { Protocol, WireAnswer, WireRequest } from './protocol';
import { decodeRest, encodeRest } from './rest-members';

/** restJson1: members in the path, the query string, headers and a JSON body (or a body that is one member). */
export function restJson(request: WireRequest, labels: Readonly<Record<string, string>>): Protocol {
  return {
    decode: (operation) => decode(request, labels, operation),
    encode,
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

function decode(request: WireRequest, labels: Readonly<Record<string, string>>, operation: OperationModel): Decoded {
  let json: Record<string, unknown> | undefined;
  return decodeRest(request, labels, operation, {
    readMember: (name, member) => {
      json ??= parseJsonObject(request.body);
      const key = wireName(name, member);
      return Object.hasOwn(json, key) ? json[key] : undefined;
    },
    readPayload: () => parseJsonObject(request.body),
  });
}

function encode(operation: OperationModel, output: unknown): WireAnswer {
  const { status, headers, payload, hasPayload, rest } = encodeRest(operation, output);
  if (status === 204) return { status, headers, body: '' };
  const json = Object.fromEntries(
    rest.map(({ name, member, value }) => [wireName(name, member), encodeValue(member, value, JSON_FORMAT)]),
  );
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    // An operation whose whole body is one member returns nothing when that member is absent.
    body: payload ? writePayload(payload.member, payload.value) : hasPayload ? '' : JSON.stringify(json),
  };
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
