import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { ACCOUNT, CREDENTIALS, startSpecServer, type SpecServer } from './testing/spec-server';

/** Signed for a service by somebody whose signature is worth nothing. */
const signedFor = (service: string): Record<string, string> => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  'x-amz-date': '20260101T000000Z',
});
const target = (name: string) => ({ 'x-amz-target': name, 'content-type': 'application/x-amz-json-1.1' });
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('calls of services that are not here', () => {
  let server: SpecServer;
  let other: Server;
  /** What the other emulator got. */
  const handedOn: string[] = [];

  const call = (at: SpecServer, service: string, path: string, headers: Record<string, string> = {}, body = '') =>
    fetch(`${at.endpoint}${path}`, { method: 'POST', headers: { ...signedFor(service), ...headers }, body });

  beforeAll(async () => {
    server = await startSpecServer([]);
    other = createServer((request, response) => {
      request.on('data', (chunk) => handedOn.push(`${request.method} ${request.url} ${String(chunk)}`));
      request.on('end', () => response.writeHead(207, { 'x-from': 'elsewhere' }).end('as it was'));
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await server.close();
    other.close();
  });

  it.each([
    [
      'kinesis',
      '/',
      target('Kinesis_20131202.PutRecord'),
      '{}',
      'kinesis:PutRecord',
      /^{"__type":"UnsupportedOperation",/,
    ],
    ['s3express', '/bucket', {}, '', 's3express:POST /bucket', /^<Error><Code>UnsupportedOperation<\/Code><Message>/],
    ['ec2', '/', FORM, 'Action=CreateVpc', 'ec2:CreateVpc', /^<Response><Errors><Error><Code>UnsupportedOperation</],
    [
      'rds',
      '/',
      FORM,
      'Action=CreateDBCluster',
      'rds:CreateDBCluster',
      /^<ErrorResponse><Error>.*UnsupportedOperation/,
    ],
    ['route53', '/2013-04-01/hostedzone', {}, '<x/>', 'route53:POST /2013', /^<ErrorResponse><Error>/],
    ['appsync', '/v1/apis', {}, '{}', 'appsync:POST /v1/apis', /^{"message":/],
  ])('are refused in the words of %s', async (service, path, headers, body, named, form) => {
    const answer = await call(server, service, path, headers, body);
    const text = await answer.text();
    expect(answer.status).toBe(400);
    expect(text).toMatch(form);
    expect(text).toContain(`The local cloud does not have this service: ${named}`);
    expect(text).toContain('See docs/reference/local-cloud.md#what-it-runs.');
  });

  it('and operations that are not run are tried once by the SDK', async () => {
    const client = new CloudWatchClient({ endpoint: server.endpoint, region: 'us-east-1', credentials: CREDENTIALS });
    await expect(client.send(new PutMetricAlarmCommand({} as never))).rejects.toMatchObject({
      name: 'UnsupportedOperation',
      $metadata: { attempts: 1, httpStatusCode: 400 },
    });
    client.destroy();
  });

  it('and so are operations that nobody signs', async () => {
    const body = 'Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=r&RoleSessionName=s&WebIdentityToken=t';
    const answer = await fetch(server.endpoint, { method: 'POST', headers: FORM, body });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('does not support this operation: sts:AssumeRoleWithWebIdentity');
  });

  describe('with another emulator to hand them to', () => {
    let open: SpecServer;
    const called: string[] = [];

    beforeAll(async () => {
      const fallback = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
      open = await startSpecServer([], {
        fallback,
        onCall: (account, service, operation) => called.push(`${account} ${service} ${operation}`),
      });
    });
    afterAll(() => open.close());
    beforeEach(() => {
      called.length = 0;
      handedOn.length = 0;
    });

    it('go there as they are, and so comes the answer; each is marked', async () => {
      const answer = await call(open, 'kinesis', '/?a=%2F', target('Kinesis_20131202.PutRecord'), '{"Name":"p"}');
      expect([answer.status, answer.headers.get('x-from'), await answer.text()]).toEqual([
        207,
        'elsewhere',
        'as it was',
      ]);
      expect(handedOn).toEqual(['POST /?a=%2F {"Name":"p"}']);
      expect(called).toEqual([`${ACCOUNT} fallback kinesis PutRecord`]);
    });

    it.each([
      ['who somebody is', 'cognito-idp', target('AWSCognitoIdentityProviderService.CreateUserPool')],
      ['what the local cloud has a part of', 'sqs', target('AmazonSQS.ListQueues')],
      ['permissions', 'iam', FORM],
    ])('stay here where they concern %s', async (_, service, headers) => {
      expect((await call(open, service, '/', headers, 'Action=CreateUser')).status).toBeGreaterThanOrEqual(400);
      expect(handedOn).toEqual([]);
    });

    it('are refused when it does not answer', async () => {
      const alone = await startSpecServer([], { fallback: 'http://127.0.0.1:9' });
      const answer = await call(alone, 'kinesis', '/', target('Kinesis_20131202.PutRecord'), '{}');
      await alone.close();
      expect(answer.status).toBe(400);
      expect(await answer.text()).toMatch(
        /this service, and the fallback http:\/\/127\.0\.0\.1:9 doesn't answer \(.+\)/,
      );
    });
  });
});
