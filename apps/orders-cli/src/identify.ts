import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { UsageError } from '@outbox/cli-kit';
import type { Api } from './api';
import type { ApiRequest, Identify } from './orders-client';

/** What a request is signed with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * How requests tell who sends them, as the API wants it: a token, or a signature with the caller's own AWS
 * credentials. A token that was given is sent to any API but one that wants signatures.
 * @throws UsageError when the API wants a token and there is none
 */
export function identifyAs(
  { api_authorization: wanted }: Pick<Api, 'api_authorization'>,
  token: string | undefined,
  credentials: () => Promise<Credentials>,
): Identify {
  if (wanted?.type === 'AWS_IAM') {
    const signer = new SignatureV4({ service: 'execute-api', region: wanted.region, credentials, sha256: Sha256 });
    return (request) => sign(signer, request);
  }
  if (wanted?.type === 'JWT' && !token) {
    throw new UsageError('this API wants an access token: give it by --token or OUTBOX_TOKEN');
  }
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  return () => Promise.resolve(headers);
}

async function sign(signer: SignatureV4, { method, url, headers, body }: ApiRequest): Promise<Record<string, string>> {
  const { protocol, host, hostname, port, pathname, searchParams } = new URL(url);
  const signed = await signer.sign({
    method,
    protocol,
    hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { ...headers, host },
    body,
  });
  // fetch sets the host itself.
  return Object.fromEntries(Object.entries(signed.headers).filter(([name]) => name.toLowerCase() !== 'host'));
}
