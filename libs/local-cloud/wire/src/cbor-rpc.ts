import { cbor, dateToTag } from '@smithy/core/cbor';
import { decodeStruct } from './decode';
import { encodeStruct, type PlainFormat } from './encode';
import { failureBody, failureOf } from './failure';
import { jsonStatus, queryErrorHeader } from './json-rpc';
import type { Protocol, WireAnswer, WireRequest } from './protocol';
import { serializationError } from './wire-errors';

const CBOR_FORMAT: PlainFormat = { timestamp: (date) => dateToTag(date), blob: (bytes) => bytes };

/** `/service/<target prefix>/operation/<operation>`, with or without a prefix of its own. */
export const RPC_V2_PATH = /\/service\/([^/]+)\/operation\/([^/]+)\/?$/;

/**
 * Smithy RPC v2 CBOR, which botocore prefers for CloudWatch.
 * Source: https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
export function cborRpc(request: WireRequest): Protocol {
  const answer = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): WireAnswer => ({
    status,
    headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor', ...headers },
    body: cbor.serialize(body),
  });
  return {
    decode: (operation) => decodeStruct(operation.input, parse(request.body)),
    encode: (operation, output) => answer(200, encodeStruct(operation.output, output ?? {}, CBOR_FORMAT)),
    fail: (service, error) => {
      const failure = failureOf(service, error);
      const namespace = service?.facts.errorNamespace;
      const type = namespace ? `${namespace}#${failure.code}` : failure.code;
      const body = { __type: type, ...failureBody(failure, error, CBOR_FORMAT) };
      return answer(jsonStatus(service, failure, error), body, queryErrorHeader(service, failure));
    },
  };
}

function parse(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {};
  try {
    return cbor.deserialize(body);
  } catch (error) {
    throw serializationError(
      `Could not parse request body as CBOR: ${error instanceof Error ? error.message : 'invalid'}`,
    );
  }
}
