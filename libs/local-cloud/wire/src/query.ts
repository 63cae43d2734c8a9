import { decodeStruct } from './decode';
import { JSON_FORMAT } from './json';
import { failureBody, failureOf, queryStatus } from './failure';
import type { ServiceModel } from './model';
import type { Protocol, WireAnswer, WireRequest } from './protocol';
import { readForm } from './query-form';
import { escapeXml, writeXml } from './xml';

/** The Query protocol: a form in (and a path, see `pathMember`), XML out. */
export function query(model: ServiceModel | undefined, form: URLSearchParams, path: string): Protocol {
  const namespace = model?.facts.query?.namespace;
  const open = (name: string): string => (namespace ? `<${name} xmlns="${namespace}">` : `<${name}>`);
  const named = path === '/' ? undefined : model?.facts.query?.pathMember;
  return {
    decode: (operation) =>
      decodeStruct(operation.input, { ...(named ? { [named]: path } : {}), ...readForm(operation.input, form) }),
    encode: (operation, output, requestId) => {
      const result = operation.output.isUnitSchema() ? '' : writeXml(operation.output, output ?? {});
      const body =
        `${open(`${operation.name}Response`)}` +
        (operation.output.isUnitSchema() ? '' : `<${operation.name}Result>${result}</${operation.name}Result>`) +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation.name}Response>`;
      return xml(200, body);
    },
    fail: (service, error, requestId) => {
      const failure = failureOf(service, error);
      const members = Object.entries(failureBody(failure, error, JSON_FORMAT))
        .filter(([name, value]) => name.toLowerCase() !== 'message' && typeof value !== 'object')
        .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
        .join('');
      const status = error.status >= 500 || error.status === 413 ? error.status : queryStatus(failure);
      return xml(
        status,
        `${open('ErrorResponse')}<Error><Type>${failure.fault}</Type><Code>${escapeXml(failure.queryCode)}</Code>` +
          `<Message>${escapeXml(error.queryMessage ?? failure.message)}</Message>${members}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      );
    },
  };
}

function xml(status: number, body: string): WireAnswer {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

/** Query requests put their fields in the body (POST) or in the query string (GET, presigned). */
export function formOf(request: WireRequest): URLSearchParams | undefined {
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const form = new URLSearchParams(request.body.toString('utf8'));
    for (const [name, value] of new URLSearchParams(request.queryString)) form.append(name, value);
    return form;
  }
  return request.queryString.includes('Action=') ? new URLSearchParams(request.queryString) : undefined;
}
