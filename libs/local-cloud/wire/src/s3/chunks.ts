import { unsupported } from '@outbox/local-cloud-kernel';
import type { WireRequest } from '../protocol';
import { serializationError } from '../wire-errors';

const UNSIGNED = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

/**
 * A request of S3 with its body in one piece: SDKs send streams as `aws-chunked`, and their checksums as trailers behind
 * it, which become headers. Chunks with signatures of their own are refused.
 * Source: S3 API reference, "Signature calculations for trailing headers".
 * @throws AwsError for chunks that are none, or signed
 */
export function joinChunks(request: WireRequest): WireRequest {
  const payload = request.headers['x-amz-content-sha256'] ?? '';
  if (!payload.startsWith('STREAMING-')) return request;
  if (payload !== UNSIGNED) throw unsupported('s3', request.method, `chunks that are signed (${payload})`);
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = lineEnd(request.body, at);
    const size = Number.parseInt(request.body.toString('latin1', at, end), 16);
    at = end + 2;
    if (!Number.isSafeInteger(size) || size < 0 || at + size > request.body.byteLength) throw broken();
    if (size === 0) break;
    chunks.push(request.body.subarray(at, at + size));
    at += size + 2;
  }
  return { ...request, body: Buffer.concat(chunks), headers: { ...request.headers, ...trailers(request.body, at) } };
}

function lineEnd(body: Buffer, from: number): number {
  const end = body.indexOf('\r\n', from);
  if (end < 0) throw broken();
  return end;
}

function trailers(body: Buffer, from: number): Record<string, string> {
  const lines = body.toString('latin1', from).split('\r\n');
  const found = lines.map((line) => /^(x-amz-checksum-[\w-]+):\s*(\S+)$/i.exec(line));
  return Object.fromEntries(found.flatMap((each) => (each ? [[(each[1] ?? '').toLowerCase(), each[2] ?? '']] : [])));
}

function broken(): Error {
  return serializationError('The body is not in the chunks that aws-chunked stands for.');
}
