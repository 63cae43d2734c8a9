import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import * as fc from 'fast-check';
import { signedHeaders } from './sigv4';

jest.setTimeout(30_000);

describe('signedHeaders', () => {
  it('signs as the AWS SDK does', async () => {
    // As credentials are: no spaces, of which a header holds one where several were.
    const text = fc.stringMatching(/^[!-~]+$/);
    await fc.assert(
      fc.asyncProperty(
        fc.record({ accessKeyId: text, secretAccessKey: text, sessionToken: fc.option(text, { nil: undefined }) }),
        fc.string({ unit: 'binary' }),
        fc.integer({ min: 0, max: 4_000_000_000_000 }),
        async (credentials, body, now) => {
          const [region, service] = ['eu-west-1', 'xray'];
          const url = new URL('https://xray.eu-west-1.amazonaws.com/v1/traces');
          const headers = { 'content-type': 'application/json' };
          const signer = new SignatureV4({ credentials, region, service, sha256: Sha256, applyChecksum: false });
          const signed = await signer.sign(
            {
              method: 'POST',
              protocol: 'https:',
              hostname: url.hostname,
              path: url.pathname,
              headers: { ...headers, host: url.host },
              body,
            },
            { signingDate: new Date(now) },
          );
          expect({
            ...headers,
            host: url.host,
            ...signedHeaders({ ...credentials, region, service }, url, headers, body, now),
          }).toEqual(signed.headers);
        },
      ),
    );
  });
});

/** SHA-256 as the SDK's signer takes it. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = typeof secret === 'string' || secret === undefined ? secret : Buffer.from(secret as Uint8Array);
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  }

  update(chunk: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {}
}
