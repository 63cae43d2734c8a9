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
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    // Read on when there is too much: the refusal still has to go out on this connection.
    request.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size <= limit) chunks.push(chunk);
      else reject(tooLarge(limit));
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => reject(new Error('The client went away.')));
  });
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
