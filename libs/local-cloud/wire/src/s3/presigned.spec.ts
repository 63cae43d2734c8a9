import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { CREDENTIALS, recording, startSpecServer, type SpecServer } from '../testing/spec-server';

/** URLs that were signed to put an object, and what whoever has one makes of it. */
describe('a presigned URL of S3', () => {
  const put = recording('s3', 'PutObject', () => ({}));
  const copy = recording('s3', 'CopyObject', () => ({}));
  let server: SpecServer;
  const signer = new SignatureV4({
    ...{ credentials: CREDENTIALS, region: 'us-east-1', service: 's3', sha256: Sha256 },
    ...{ uriEscapePath: false, applyChecksum: false },
  });

  beforeAll(async () => {
    const operations = { ...put.service.operations, ...copy.service.operations };
    server = await startSpecServer([{ ...put.service, operations }]);
  });
  afterAll(() => server.close());

  async function sign(headers: Record<string, string> = {}, expiresIn = 60, signingDate = new Date()) {
    const { host, hostname, port } = new URL(server.endpoint);
    const request = {
      ...{ method: 'PUT', protocol: 'http:', hostname, port: Number(port), path: '/b/k', query: {} },
      // As SDKs sign for S3: whoever has the URL brings the body.
      headers: { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', ...headers },
    };
    const { query = {} } = await signer.presign(request, { expiresIn, signingDate });
    const pairs = Object.entries(query as Record<string, string>).map((pair) => pair.map(encodeURIComponent).join('='));
    return `${server.endpoint}/b/k?${pairs.join('&')}`;
  }
  async function send(url: string, headers: Record<string, string> = {}) {
    const response = await fetch(url, { method: 'PUT', body: 'x', headers });
    return { status: response.status, text: await response.text() };
  }

  // Signers move headers into the query: an SDK's checksum is of the body it doesn't have yet.
  it('has the headers that its query holds', async () => {
    const held = { 'x-amz-meta-of': 'a b', 'x-amz-tagging': 'a=1', 'x-amz-checksum-crc32': 'AAAAAA==' };
    const url = await sign(held);
    expect(new URL(url).searchParams.get('x-amz-tagging')).toBe('a=1');
    expect(await send(url)).toEqual({ status: 200, text: '' });
    const { Body, ...input } = put.inputs.at(-1) as { Body: Uint8Array };
    expect(Buffer.from(Body).toString()).toBe('x');
    expect(input).toMatchObject({ Bucket: 'b', Key: 'k', Metadata: { of: 'a b' }, Tagging: 'a=1' });
    expect(input).not.toHaveProperty('ChecksumCRC32');
  });

  it.each(['x-amz-copy-source', 'x-amz-tagging', 'x-amz-meta-of', 'X-Amz-Acl'])(
    'is worth nothing with a header %s that it was not signed with',
    async (name) => {
      const { status, text } = await send(await sign(), { [name]: 'private' });
      expect([status, /<Code>(.*)<\/Message>/.exec(text)?.[1]]).toEqual([
        403,
        'AccessDenied</Code><Message>There were headers present in the request which were not signed',
      ]);
      expect(copy.inputs).toEqual([]);
    },
  );

  it('is refused once it has expired, and changed', async () => {
    const { status, text } = await send(await sign({}, 60, new Date(Date.now() - 61_000)));
    expect([status, text]).toEqual([
      403,
      expect.stringContaining('<Code>AccessDenied</Code><Message>Request has expired'),
    ]);
    const changed = (await sign()).replace('/b/k', '/b/other');
    expect(await send(changed)).toMatchObject({
      status: 403,
      text: expect.stringContaining('SignatureDoesNotMatch') as string,
    });
  });
});
