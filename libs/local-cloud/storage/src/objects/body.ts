import type { GetObjectCommandOutput, PutObjectCommandInput } from '@aws-sdk/client-s3';

/** The bytes of a body; the wire hands them on whole. */
export function bytesOf(body: PutObjectCommandInput['Body']): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body);
  throw new Error('a body is neither bytes nor text');
}

/** Bytes as the SDK's type of a body has them; the wire writes bytes, and services read them by `transformToByteArray`. */
export function bodyOf(bytes: Uint8Array): NonNullable<GetObjectCommandOutput['Body']> {
  const body = Object.assign(bytes, { transformToByteArray: () => Promise.resolve(bytes) });
  return body as unknown as NonNullable<GetObjectCommandOutput['Body']>;
}
