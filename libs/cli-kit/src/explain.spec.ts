import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { NotFoundError, UsageError } from './errors';
import { explain, isPassing, renderExplanation } from './explain';

const credentials = { accessKeyId: 'AKIDSPEC', secretAccessKey: 'secret' };

/** A server of `answer` on a free port, while `use` works with where it is. */
async function serving<T>(answer: RequestListener, use: (endpoint: string) => Promise<T>): Promise<T> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** What the SDK throws when it asks `endpoint`, explained. */
async function asking(endpoint: string) {
  const dynamodb = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  const error: unknown = await dynamodb.send(new ListTablesCommand({})).catch((cause: unknown) => cause);
  dynamodb.destroy();
  return explain(error, { AWS_ENDPOINT_URL: endpoint });
}

describe('an error, as it is told', () => {
  it('of a port where nothing listens', () => {
    const refused = { code: 'ECONNREFUSED', address: '127.0.0.1', port: 4566 };
    const { exitCode, ...explanation } = explain(Object.assign(new Error('connect ECONNREFUSED'), refused), {});
    expect(exitCode).toBe(3);
    expect(renderExplanation('program', explanation, false)).toBe(
      'program: nothing listens at 127.0.0.1:4566: ECONNREFUSED. ' +
        'make up starts the local cloud, eval "$(make -s env)" points this shell at it',
    );
    expect(JSON.parse(renderExplanation('program', explanation, true))).toEqual({
      error: { message: 'nothing listens at 127.0.0.1:4566', cause: 'ECONNREFUSED', hint: expect.any(String) },
    });
  });

  it('of a name that is resolved to addresses of both kinds', () => {
    const attempt = { code: 'ECONNREFUSED', address: '::1', port: 4566 };
    const error = Object.assign(new AggregateError([attempt, { ...attempt, address: '127.0.0.1' }]), attempt);
    expect(explain(new TypeError('fetch failed', { cause: error }), {})).toMatchObject({
      message: 'nothing listens at [::1]:4566',
      hint: expect.stringContaining('make up'),
    });
  });

  it.each([
    ['a page', 200, '<html>hello</html>'],
    ['an error page', 404, '<html>not found</html>'],
    ['JSON', 400, '{"error":"what?"}'],
  ])('of something that is not AWS and returns %s', async (_what, status, body) => {
    await serving(
      (_request, response) => response.writeHead(status).end(body),
      async (endpoint) =>
        expect(await asking(endpoint)).toMatchObject({
          message: `what listens at ${endpoint} is not AWS`,
          cause: `it answered HTTP ${status}`,
          exitCode: 3,
        }),
    );
  });

  it('of something that does not even speak HTTP', () => {
    const error = Object.assign(new Error('Parse Error: Expected HTTP/'), { code: 'HPE_INVALID_CONSTANT' });
    expect(explain(error, { AWS_ENDPOINT_URL: 'http://127.0.0.1:22' })).toMatchObject({
      message: 'what listens at http://127.0.0.1:22 is not AWS',
      exitCode: 3,
    });
  });

  it('ends each sentence once', () => {
    expect(
      renderExplanation('program', { message: 'no queue', cause: 'It does not exist.', hint: 'Look' }, false),
    ).toBe('program: no queue: It does not exist. Look');
  });

  it('of an endpoint that is no URL', () => {
    const error = Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' });
    expect(explain(error, { AWS_ENDPOINT_URL: 'nonsense' })).toMatchObject({
      message: 'AWS_ENDPOINT_URL is not a URL: nonsense',
      exitCode: 3,
    });
  });

  it('of another address that is no URL: AWS_ENDPOINT_URL is not blamed for it', async () => {
    const error: unknown = await fetch('nowhere/things').catch((cause: unknown) => cause);
    expect(explain(error, { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' })).toEqual({
      message: 'Failed to parse URL from nowhere/things',
      exitCode: 1,
    });
  });

  it('of a client without region or credentials', async () => {
    const ask = (client: SQSClient) =>
      client.send(new GetQueueAttributesCommand({ QueueUrl: 'http://127.0.0.1:9/q' })).catch((error: unknown) => error);
    const noRegion = new SQSClient({
      credentials,
      region: (): Promise<string> => Promise.reject(new Error('Region is missing')),
    });
    expect(explain(await ask(noRegion), {})).toMatchObject({ message: 'no AWS region is set', exitCode: 3 });
    const missing = Object.assign(new Error('Could not load credentials from any providers'), {
      name: 'CredentialsProviderError',
    });
    const noCredentials = new SQSClient({ region: 'us-east-1', credentials: async () => Promise.reject(missing) });
    expect(explain(await ask(noCredentials), {})).toMatchObject({ message: 'no AWS credentials', exitCode: 3 });
  });

  const awsError = (name: string, message: string) =>
    Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400, requestId: 'r-1' } });

  it.each([
    ['ExpiredTokenException', 'the AWS credentials have expired', 'aws sso login'],
    ['ExpiredToken', 'the AWS credentials have expired', 'AWS_PROFILE'],
    ['UnrecognizedClientException', 'AWS does not accept these credentials', 'clock'],
    ['SignatureDoesNotMatch', 'AWS does not accept these credentials', 'clock'],
    ['AccessDeniedException', 'AWS does not allow it', 'permission'],
    ['AccessDenied', 'AWS does not allow it', 'permission'],
    ['QueueDoesNotExist', 'a resource that the stack’s outputs name does not exist at AWS in eu-west-1', 'account'],
    [
      'ResourceNotFoundException',
      'a resource that the stack’s outputs name does not exist at AWS in eu-west-1',
      'account',
    ],
  ])('of %s, with what AWS said', (name, message, hint) => {
    const explained = explain(awsError(name, 'said\n  by AWS'), { AWS_REGION: 'eu-west-1' });
    expect(explained).toEqual({
      message: message.replace('’', "'"),
      cause: 'said by AWS',
      hint: expect.stringContaining(hint),
      exitCode: 3,
    });
  });

  it.each([
    ['ENOTFOUND', 'cannot find the host'],
    ['EHOSTUNREACH', 'cannot reach'],
    ['ECONNRESET', 'no answer from'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'no secure connection to'],
  ])('of the network: %s', (code, message) => {
    const error = Object.assign(new Error(`getaddrinfo ${code}`), { code, hostname: 'sqs.eu-west-1.amazonaws.com' });
    expect(explain(error, {})).toMatchObject({
      message: `${message} sqs.eu-west-1.amazonaws.com`,
      hint: expect.any(String),
      exitCode: 3,
    });
  });

  it.each([
    ['bad usage', new UsageError('no', { reason: 'why', hint: 'do' }), { message: 'no', cause: 'why', hint: 'do' }, 2],
    ['what is not there', new NotFoundError('no such thing'), { message: 'no such thing' }, 4],
    ['what AWS refuses else', awsError('ThrottlingException', 'slow down'), { message: 'slow down' }, 1],
    ['no words', new RangeError(''), { message: 'RangeError' }, 1],
    ['no error at all', 'a text', { message: 'a text' }, 1],
  ])('of %s', (_what, error, explanation, exitCode) => {
    expect(explain(error, {})).toEqual({ ...explanation, exitCode });
  });
});

describe('an error passes by itself', () => {
  const named = (name: string, more: object = {}): Error => Object.assign(new Error(name), { name, ...more });

  it.each([
    ['when nobody listens', Object.assign(new Error('x'), { code: 'ECONNREFUSED' })],
    ['when a name is not found', new TypeError('fetch failed', { cause: { code: 'EAI_AGAIN' } })],
    ['when no answer comes', named('TimeoutError')],
    ['when it is a throttle', named('ThrottlingException', { $metadata: { httpStatusCode: 400 } })],
    ['when others read the shard', named('LimitExceededException')],
    ['when the table is busy', named('ProvisionedThroughputExceededException')],
    ['when AWS failed', named('InternalServerError', { $metadata: { httpStatusCode: 500 } })],
  ])('%s', (_when, error) => {
    expect(isPassing(error)).toBe(true);
  });

  it.each([
    ['without credentials', named('CredentialsProviderError', { cause: { code: 'ETIMEDOUT' } })],
    ['with expired ones', named('ExpiredTokenException', { $metadata: { httpStatusCode: 400 } })],
    ['without a permission', named('AccessDeniedException')],
    ['without the resource', named('ResourceNotFoundException', { $metadata: { httpStatusCode: 400 } })],
    ['with a certificate nobody trusts', Object.assign(new Error('x'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' })],
    ['when it is a defect', new TypeError('x is not a function')],
    ['when it is no error', undefined],
  ])('not %s', (_when, error) => {
    expect(isPassing(error)).toBe(false);
  });
});
