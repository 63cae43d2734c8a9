import { isUtf8 } from 'node:buffer';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** A request's body as text, or why it is not text. `bytes` counts what came over the wire. */
export type HttpBody =
  | { readonly ok: true; readonly text: string; readonly bytes: number }
  | { readonly ok: false; readonly reason: 'not-utf8'; readonly bytes: number };

/**
 * Decodes a body of an HTTP API v2 event, base64 or not, strictly: bytes that are not UTF-8 are refused, not replaced.
 * A missing body is the empty text.
 */
export function decodeBody(event: Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'>): HttpBody {
  const body = event.body ?? '';
  if (!event.isBase64Encoded) {
    const encoded = Buffer.from(body, 'utf8');
    // A lone surrogate has no UTF-8 form, so it does not survive the round trip.
    return encoded.toString('utf8') === body
      ? { ok: true, text: body, bytes: encoded.length }
      : { ok: false, reason: 'not-utf8', bytes: encoded.length };
  }
  const raw = Buffer.from(body, 'base64');
  return isUtf8(raw)
    ? { ok: true, text: raw.toString('utf8'), bytes: raw.length }
    : { ok: false, reason: 'not-utf8', bytes: raw.length };
}
