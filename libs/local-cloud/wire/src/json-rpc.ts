import type { AwsError } from '@outbox/local-cloud-kernel';
import { decodeStruct } from './decode';
import { encodeStruct, type PlainFormat } from './encode';
import { failureBody, failureOf, queryStatus, type Failure } from './failure';
import { JSON_FORMAT, parseJsonObject } from './json';
import type { ServiceModel } from './model';
import type { Protocol, WireAnswer, WireRequest } from './protocol';

/** awsJson1_0 and awsJson1_1: a JSON object each way, the operation in `X-Amz-Target`. They differ in the content type only. */
export function jsonRpc(request: WireRequest): Protocol {
  const contentType = request.headers['content-type']?.includes('json-1.1')
    ? 'application/x-amz-json-1.1'
    : 'application/x-amz-json-1.0';
  let parsed: Record<string, unknown> | undefined;
  const body = (): Record<string, unknown> => (parsed ??= parseJsonObject(request.body));
  const answer = (status: number, content: unknown, headers: Readonly<Record<string, string>> = {}): WireAnswer => ({
    status,
    headers: { 'content-type': contentType, ...headers },
    body: JSON.stringify(content),
  });
  const fail = (service: ServiceModel | undefined, error: AwsError, format?: PlainFormat): WireAnswer => {
    const failure = failureOf(service, error);
    const namespace = service?.facts.errorNamespace;
    const type = namespace ? `${namespace}#${failure.code}` : failure.code;
    const members = failureBody(failure, error, format);
    return answer(
      jsonStatus(service, failure, error),
      { __type: type, ...members },
      queryErrorHeader(service, failure),
    );
  };
  return {
    decode: (operation) => decodeStruct(operation.input, body()),
    encode: (operation, output) => answer(200, encodeStruct(operation.output, output ?? {}, JSON_FORMAT)),
    fail: (service, error) => fail(service, error, JSON_FORMAT),
    raw: {
      body,
      answer: (content) => answer(200, content),
      fail: (service, error) => fail(service, error),
    },
  };
}

/** JSON services answer every client error with 400; those that grew out of Query keep what Query answers. */
export function jsonStatus(service: ServiceModel | undefined, failure: Failure, error: AwsError): number {
  if (error.status >= 500 || error.status === 413) return error.status;
  return service?.facts.queryCompatible ? queryStatus(failure) : 400;
}

/** Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait */
export function queryErrorHeader(service: ServiceModel | undefined, failure: Failure): Record<string, string> {
  return service?.facts.queryCompatible ? { 'x-amzn-query-error': `${failure.queryCode};${failure.fault}` } : {};
}
