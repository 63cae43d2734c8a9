import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What one request did: method, path, and the condition it was made under. */
export interface S3Request {
  readonly method: string;
  readonly path: string;
  readonly ifNoneMatch: string | undefined;
}

/** The part of S3 that Terraform's S3 backend uses, and who the caller is; for specs only. */
export interface FakeS3 {
  readonly url: string;
  readonly requests: readonly S3Request[];
  /** Path to content: `/BUCKET/KEY`. */
  readonly objects: ReadonlyMap<string, Buffer>;
  readonly close: () => Promise<void>;
}

/** Serves empty buckets. Conditional writes as https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html. */
export async function serveS3(account: string): Promise<FakeS3> {
  const objects = new Map<string, Buffer>();
  const requests: S3Request[] = [];
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const method = request.method ?? '';
      const answer = (status: number, content: string | Buffer = '', headers: Record<string, string> = {}): void => {
        response.writeHead(status, headers).end(content);
      };
      if (body.includes('Action=GetCallerIdentity')) return answer(200, identity(account));
      const ifNoneMatch = request.headers['if-none-match'];
      requests.push({ method, path, ifNoneMatch });
      const object = objects.get(path);
      if (method === 'GET' && searchParams.has('list-type')) return answer(200, '<ListBucketResult/>');
      if (method === 'GET' || method === 'HEAD') {
        if (object === undefined) return answer(404, error('NoSuchKey'));
        return answer(200, object, { ETag: etag(object), 'Content-Length': String(object.length) });
      }
      if (method === 'PUT') {
        if (ifNoneMatch === '*' && object !== undefined) return answer(412, error('PreconditionFailed'));
        objects.set(path, body);
        return answer(200, '', { ETag: etag(body) });
      }
      if (method === 'DELETE') objects.delete(path);
      return answer(method === 'DELETE' ? 204 : 501);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    objects,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const etag = (content: Buffer): string => `"${createHash('md5').update(content).digest('hex')}"`;
const error = (code: string): string => `<Error><Code>${code}</Code><Message>${code}</Message></Error>`;
const identity = (account: string): string =>
  `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/deploy</Arn><UserId>AIDADEPLOY</UserId><Account>${account}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>x</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;
