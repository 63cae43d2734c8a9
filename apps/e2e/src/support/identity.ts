import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '@smithy/core/checksum';
import { aws, type Stack } from './stack';

/** An API, and how it wants to be told who calls. */
export type Api = Pick<Stack, 'api_endpoint' | 'api_authorization'>;

export interface Draft {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** The headers that tell the API who calls: a signature with the environment's credentials, or OUTBOX_TOKEN. */
export async function identity(
  { api_authorization: { type, region } }: Api,
  draft: Draft,
): Promise<Readonly<Record<string, string>>> {
  const token = process.env['OUTBOX_TOKEN'];
  if (type === 'JWT' && token && !draft.headers['authorization']) return { authorization: `Bearer ${token}` };
  if (type !== 'AWS_IAM') return {};
  const { protocol, host, hostname, pathname, searchParams } = new URL(draft.url);
  const { credentials } = aws.lambda.config;
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 });
  const signed = await signer.sign({
    ...draft,
    protocol,
    hostname,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { ...draft.headers, host },
  });
  const { host: _fetchSetsIt, ...headers } = signed.headers;
  return headers;
}
