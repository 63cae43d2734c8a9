import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { invalidHeader, ProblemError } from './problem';

/** The headers of a request, by name in any case. */
export interface HttpHeaders {
  /**
   * The value of a header that has one; undefined when it is absent. The same value sent twice counts once.
   * @throws ProblemError (400, naming the header) when it was sent with different values
   */
  header(name: string): string | undefined;
  /** The value of a header that is a list by its grammar, or has a rule of its own for repeats: all lines joined by commas. */
  headerList(name: string): string | undefined;
}

/**
 * Reads an event's headers. API Gateway joins the lines of a repeated header with commas, so that a repeat looks like
 * one value. Source: API Gateway developer guide, http-api-develop-integrations-lambda, "Payload format differences".
 */
export function readHeaders({ headers }: Pick<APIGatewayProxyEventV2, 'headers'>): HttpHeaders {
  const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const headerList = (name: string): string | undefined => values.get(name.toLowerCase());
  return {
    headerList,
    header: (name) => {
      const sent = headerList(name);
      if (sent === undefined) return undefined;
      const value = withoutRepeats(sent);
      if (!hasBareComma(value)) return value;
      throw new ProblemError(invalidHeader(name, 'takes one value, and was sent with several, or with a comma in it'));
    },
  };
}

/** `k, k` is `k`: what was sent several times with one value, once. Anything else stays as it is. */
export function withoutRepeats(value: string): string {
  const parts = value.split(',');
  const trimmed = parts.map((part) => part.trim());
  for (let period = 1; period < parts.length; period += 1) {
    if (parts.length % period === 0 && trimmed.every((part, index) => part === trimmed[index % period])) {
      return parts.slice(0, period).join(',').trim();
    }
  }
  return value;
}

/** Whether a comma stands outside of quotes, where it separates values (RFC 9110, 5.6.1 and 5.6.4). */
function hasBareComma(value: string): boolean {
  return value.replace(/"(?:[^"\\]|\\.?)*(?:"|$)/g, '').includes(',');
}
