import type { AwsError } from '@outbox/local-cloud-kernel';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { OperationModel, ServiceModel } from '../model';
import type { Protocol, WireAnswer, WireRequest } from '../protocol';
import { decodeRest, encodeRest, type RestOutput } from '../rest-members';
import { escapeXml, writeMember, writeXml } from '../xml';
import { parseXml, readXml } from './read-xml';

/**
 * restXml as S3 speaks it: the body of a request is one member, an object's bytes or a structure as XML.
 * Source: https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html
 */
export function restXml(request: WireRequest, labels: Readonly<Record<string, string>>, namespace: string): Protocol {
  return {
    decode: (operation) =>
      decodeRest(request, labels, operation, {
        readMember: () => undefined,
        readPayload: (member) => readXml(member, parseXml(request.body.toString('utf8'))),
      }),
    encode: (operation, output, requestId) => encode(operation, output, requestId, namespace),
    fail: (service, error, requestId) => fail(request, service, error, requestId),
  };
}

function encode(operation: OperationModel, output: unknown, requestId: string, namespace: string): WireAnswer {
  const parts = encodeRest(operation, output);
  const headers = { ...requestIds(requestId), ...parts.headers };
  // The one answer whose status its model doesn't tell: a part of an object.
  const status = parts.headers['content-range'] === undefined ? parts.status : 206;
  if (status === 204) return { status, headers, body: '' };
  const body = bodyOf(operation, parts, namespace);
  return { status, headers: { 'content-type': 'application/xml', ...headers }, body };
}

function bodyOf(operation: OperationModel, { payload, hasPayload, rest }: RestOutput, namespace: string) {
  if (payload?.value instanceof Uint8Array || typeof payload?.value === 'string') return payload.value;
  if (payload) return root(nameOf(payload.member), namespace, writeXml(payload.member, payload.value));
  // Whatever has an element around its members has a name for it: other outputs are headers alone.
  const name = operation.output.isUnitSchema() ? undefined : operation.output.getMergedTraits().xmlName;
  if (hasPayload || name === undefined) return '';
  const written = rest.map(({ name: member, member: schema, value }) =>
    // The location of a bucket is the text of the root itself.
    name === member ? escapeXml(String(value)) : writeMember(schema, schema.getMergedTraits().xmlName ?? member, value),
  );
  return root(name, namespace, written.join(''));
}

function nameOf(member: NormalizedSchema): string {
  return member.getMergedTraits().xmlName ?? member.getName() ?? '';
}

function root(name: string, namespace: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${namespace}">${content}</${name}>`;
}

/** What S3 calls errors that all of AWS's services have. Source: S3 API reference, "Error responses". */
const S3_CODES: Readonly<Record<string, readonly [code: string, status: number]>> = {
  AccessDeniedException: ['AccessDenied', 403],
  ExpiredTokenException: ['ExpiredToken', 400],
  IncompleteSignatureException: ['AuthorizationHeaderMalformed', 400],
  InternalFailure: ['InternalError', 500],
  InvalidSignatureException: ['SignatureDoesNotMatch', 403],
  MissingAuthenticationTokenException: ['AccessDenied', 403],
  RequestEntityTooLargeException: ['EntityTooLarge', 400],
  SerializationException: ['MalformedXML', 400],
  ThrottlingException: ['SlowDown', 503],
  UnknownOperationException: ['MethodNotAllowed', 405],
  UnrecognizedClientException: ['InvalidAccessKeyId', 403],
};

function fail(request: WireRequest, service: ServiceModel | undefined, error: AwsError, requestId: string): WireAnswer {
  const [code, status] = S3_CODES[error.code] ?? [error.code, service?.error(error.code)?.status ?? error.status];
  const headers = { ...requestIds(requestId), ...headersOf(error) };
  if (request.method === 'HEAD' || status === 304) return { status, headers, body: '' };
  const members = Object.entries(error.members)
    .filter(([, value]) => typeof value !== 'object')
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
  const said = `<Code>${escapeXml(code)}</Code><Message>${escapeXml(error.message)}</Message>${members.join('')}`;
  return {
    status,
    headers: { 'content-type': 'application/xml', ...headers },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${said}<RequestId>${requestId}</RequestId><HostId>local</HostId></Error>`,
  };
}

/** S3 has headers of its own for what all others call `x-amzn-requestid`. */
function requestIds(requestId: string): Record<string, string> {
  return { 'x-amz-request-id': requestId, 'x-amz-id-2': 'local' };
}

/** An error may carry headers, e.g. that what is asked for is a delete marker. */
function headersOf({ members }: AwsError): Record<string, string> {
  const { headers } = members;
  return typeof headers === 'object' && headers !== null ? { ...(headers as Record<string, string>) } : {};
}
