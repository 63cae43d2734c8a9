import type { NormalizedSchema } from '@smithy/core/schema';
import { decodeMembers, type Decoded } from './decode';
import type { OperationModel } from './model';
import type { WireRequest } from './protocol';
import { formatText, HTTP_DATE, parseText } from './scalars';

/** How a REST protocol reads and writes what its body holds. */
export interface BodyFormat {
  /** The members of the input that no other binding names. */
  readMember(name: string, member: NormalizedSchema): unknown;
  /** A structure that is the whole body. */
  readPayload(member: NormalizedSchema): unknown;
}

/**
 * The input of a REST operation: members in the path, the query string, headers, the whole body or a part of it.
 * Source: Smithy's HTTP bindings, https://smithy.io/2.0/spec/http-bindings.html
 * @throws AwsError when a value isn't what its schema allows
 */
export function decodeRest(
  request: WireRequest,
  labels: Readonly<Record<string, string>>,
  operation: OperationModel,
  format: BodyFormat,
): Decoded {
  const query = new URLSearchParams(request.queryString);
  return decodeMembers(operation.input, (name, member) => {
    const traits = member.getMergedTraits();
    if (traits.httpLabel) return labels[name] === undefined ? undefined : parseText(member, labels[name]);
    if (traits.httpQuery) return readQuery(member, query.getAll(traits.httpQuery));
    if (traits.httpHeader) return readHeader(member, request.headers[traits.httpHeader.toLowerCase()]);
    if (traits.httpPrefixHeaders !== undefined) return readPrefixed(request, traits.httpPrefixHeaders.toLowerCase());
    if (!traits.httpPayload) return format.readMember(name, member);
    if (request.body.byteLength === 0) return undefined;
    if (member.isBlobSchema()) return request.body;
    return member.isStringSchema() ? request.body.toString('utf8') : format.readPayload(member);
  });
}

/** What of a REST operation's output isn't in its body. */
export interface RestOutput {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The member that is the whole body, where the operation has one and the output sets it. */
  readonly payload?: { readonly member: NormalizedSchema; readonly value: unknown };
  /** Whether a member is the whole body, set or not. */
  readonly hasPayload: boolean;
  /** Members that the body is made of. */
  readonly rest: readonly { readonly name: string; readonly member: NormalizedSchema; readonly value: unknown }[];
}

/** Takes an output apart by its bindings. */
export function encodeRest(operation: OperationModel, output: unknown): RestOutput {
  const source = (output ?? {}) as Readonly<Record<string, unknown>>;
  const headers: Record<string, string> = {};
  const rest: RestOutput['rest'][number][] = [];
  let status = operation.http?.status ?? 200;
  let payload: RestOutput['payload'];
  let hasPayload = false;
  for (const [name, member] of operation.output.structIterator()) {
    const value = source[name];
    const traits = member.getMergedTraits();
    if (traits.httpPayload) hasPayload = true;
    if (value === undefined || value === null) continue;
    if (traits.httpResponseCode) status = Number(value);
    else if (traits.httpHeader) headers[traits.httpHeader.toLowerCase()] = formatText(member, value, HTTP_DATE);
    else if (traits.httpPrefixHeaders !== undefined) addPrefixed(headers, traits.httpPrefixHeaders, value);
    else if (traits.httpPayload) payload = { member, value };
    else rest.push({ name, member, value });
  }
  return { status, headers, hasPayload, rest, ...(payload ? { payload } : {}) };
}

function readQuery(member: NormalizedSchema, values: readonly string[]): unknown {
  const [first] = values;
  if (first === undefined) return undefined;
  return member.isListSchema()
    ? values.map((value) => parseText(member.getValueSchema(), value))
    : parseText(member, first);
}

function readHeader(member: NormalizedSchema, text: string | undefined): unknown {
  if (text === undefined || !member.isListSchema()) return text === undefined ? undefined : parseText(member, text);
  return text.split(',').map((value) => parseText(member.getValueSchema(), value.trim()));
}

function readPrefixed({ headers }: WireRequest, prefix: string): Record<string, string> | undefined {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  if (found.length === 0) return undefined;
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

function addPrefixed(headers: Record<string, string>, prefix: string, values: unknown): void {
  for (const [name, value] of Object.entries(values as object)) headers[`${prefix}${name}`] = String(value);
}
