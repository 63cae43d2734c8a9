import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { serializationError, tooLarge } from './wire-errors';

const unzip = promisify(gunzip);

/**
 * The whole body of a request, decompressed.
 * @throws AwsError when it is larger than `limit` bytes or not the gzip it says it is; Error when the client went away.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  // Kept open when the loop ends early: the refusal still has to go out on this connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/**
 * Undoes `Content-Encoding: gzip` (SDKs compress large CloudWatch requests); the signature covers the compressed bytes.
 * @throws AwsError for another encoding, for broken data, and when it unpacks to more than `limit` bytes.
 */
export async function decompress(body: Buffer, encoding: string | undefined, limit: number): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding !== 'gzip') throw serializationError(`Content-Encoding ${encoding} is not supported`);
  try {
    return await unzip(body, { maxOutputLength: limit });
  } catch (error) {
    throw serializationError(
      `Could not decompress the request body: ${error instanceof Error ? error.message : 'invalid gzip'}`,
    );
  }
}
