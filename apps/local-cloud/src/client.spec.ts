import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { FAULT_KINDS, LocalCloud, LocalCloudError, NotSeenError, type Denial } from '@outbox/local-cloud-client';
import type { Denial as EngineDenial } from '@outbox/local-cloud-identity';
import { startLocalCloud } from './local-cloud';
import { PARTS } from './modules';

/** The client shares no code with the engine: the two are held equal where both are known, by the type check. */
type Same<A, B> = [A, B] extends [B, A] ? true : false;
const isSameDenial: Same<Required<Denial>, Required<EngineDenial>> = true;

/** The client over HTTP against the whole engine, as tests and tools have it. */
describe('the client', () => {
  const directory = mkdtempSync(join(tmpdir(), 'local-cloud-client-'));
  let engine: Awaited<ReturnType<typeof startLocalCloud>>;
  let cloud: LocalCloud;
  let sqs: SQSClient;

  beforeAll(async () => {
    engine = await startLocalCloud({ port: 0, directory }, PARTS, () => undefined);
    cloud = new LocalCloud(`${engine.origin}/`);
    sqs = new SQSClient(cloud.aws());
    await cloud.ready();
  });
  afterAll(async () => {
    sqs.destroy();
    await engine.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const createQueue = async (QueueName: string) => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
    return { send: (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody })), QueueUrl };
  };

  it('tells where it is and what it runs', async () => {
    expect(await cloud.info()).toMatchObject({ account: '000000000000', region: 'us-east-1', port: engine.port });
    expect(await cloud.operations()).toContain('sqs SendMessage');
    expect(cloud.environment({ account: '111111111111' })).toEqual({
      AWS_ENDPOINT_URL: engine.origin,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: '111111111111',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
  });

  it('moves the clock', async () => {
    const before = await cloud.now();
    const after = await cloud.advance(3_600_000);
    expect(after - before).toBeGreaterThanOrEqual(3_600_000);
    expect(await cloud.now()).toBeGreaterThanOrEqual(after);
  });

  it('reads the spans that were sent to its collector', async () => {
    const traceId = 'ab'.repeat(16);
    const [startTimeUnixNano, endTimeUnixNano] = ['1000000', '2000000'];
    const spans = [{ traceId, spanId: 'cd'.repeat(8), name: 'call', startTimeUnixNano, endTimeUnixNano }];
    await fetch(`${engine.origin}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
    });
    expect(await cloud.spans(traceId)).toMatchObject([{ name: 'call', startedAt: 1, endedAt: 2 }]);
    expect(await cloud.spans('ef'.repeat(16))).toEqual([]);
  });

  it('changes a setting and leaves the others', async () => {
    const { ruleDelayMs } = await cloud.settings();
    expect(await cloud.configure({ accountConcurrency: 50 })).toEqual({ ruleDelayMs, accountConcurrency: 50 });
  });

  it('knows every kind of fault, starts them and counts them', async () => {
    await cloud.startFaults(7, { 'lost-answer': 0.5 });
    expect(await cloud.faults()).toMatchObject({ active: true, counts: { 'lost-answer': 0 } });
    expect(Object.keys(await cloud.stopFaults()).sort()).toEqual([...FAULT_KINDS].sort());
    expect(await cloud.faults()).toMatchObject({ active: false });
  });

  it('tells what roles used, and issues tokens', async () => {
    expect(await cloud.usage()).toEqual({ roles: {}, undocumented: [] });
    expect(await cloud.runningInvocations()).toEqual({});
    expect(await cloud.denials()).toEqual([]);
    expect(isSameDenial).toBe(true);
    expect(cloud.issuer).toBe(`${engine.origin}/_local/issuer`);
    expect(await cloud.issueToken({ sub: 'ada', aud: 'x', expiresIn: 60 })).toMatch(/^\S+\.\S+\.\S+$/);
  });

  it('expects a message that is not there yet, and looking receives nothing', async () => {
    const { send, QueueUrl } = await createQueue('later');
    const expected = cloud.expectMessage('later', { body: { type: 'Created' } });
    await send('no JSON');
    await send('{"type":"Created","id":1}');
    expect(await expected).toMatchObject({ body: { type: 'Created', id: 1 }, state: 'waiting', receiveCount: 0 });
    await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1 }));
    expect(await cloud.messages('later')).toMatchObject([
      { body: 'no JSON', state: 'in-flight', receiveCount: 1 },
      { state: 'waiting', receiveCount: 0 },
    ]);
    await cloud.expectNoMessage('later', { body: { type: 'Updated' } }, { within: 100 });
  });

  it('says what was there instead', async () => {
    const { send } = await createQueue('other');
    await send('{"type":"Updated"}');
    const wanted = { body: { type: /Created/ } };
    const failed = await cloud.expectMessage('other', wanted, { within: 100 }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(NotSeenError);
    expect(failed).toMatchObject({
      message: expect.stringMatching(
        /^queue other: nothing like {"body":{"type":"\/Created\/"}} within 100 ms\. There is:\n {2}{.*"Updated"/,
      ) as unknown,
      seen: [{ body: { type: 'Updated' } }],
    });
    await expect(cloud.expectNoMessage('other', { body: { type: 'Updated' } })).rejects.toThrow('not expected');
  });

  it('says which queues there are when it is asked for another', async () => {
    await createQueue('there');
    const failed = await cloud.expectMessage('elsewhere', {}).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(LocalCloudError);
    expect(failed).toMatchObject({
      message: expect.stringMatching(/404: There is no queue elsewhere in account 000000000000.*there/) as unknown,
      refused: { status: 404 },
    });
    await expect(cloud.messages('there', { account: '222222222222' })).rejects.toThrow('there are none');
  });

  it('expects a mail and a call', async () => {
    const sns = new SNSClient(cloud.aws());
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'alarms' }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'ada@example.com' }));
    const { confirmUrl = '' } = await cloud.expectMail('ada@example.com', { subject: /Confirmation/ });
    await fetch(confirmUrl);
    await sns.send(new PublishCommand({ TopicArn, Subject: 'Fire', Message: 'in the hall' }));
    expect(await cloud.expectMail('ada@example.com', { subject: 'Fire' })).toMatchObject({ to: 'ada@example.com' });
    await cloud.expectCall('sns Publish');
    await expect(cloud.expectCall('sns DeleteTopic', { within: 60 })).rejects.toThrow('nothing like "sns DeleteTopic"');
    sns.destroy();
  });

  it('goes by the environment unless told, also by what is set later', () => {
    const before = process.env['AWS_ENDPOINT_URL'];
    delete process.env['AWS_ENDPOINT_URL'];
    const byEnvironment = new LocalCloud();
    expect(byEnvironment.origin).toBe('http://127.0.0.1:4566');
    process.env['AWS_ENDPOINT_URL'] = engine.origin;
    expect(byEnvironment.origin).toBe(engine.origin);
    if (before === undefined) delete process.env['AWS_ENDPOINT_URL'];
    else process.env['AWS_ENDPOINT_URL'] = before;
  });

  it('says why there is no answer', async () => {
    const nobody = new LocalCloud('http://127.0.0.1:1');
    await expect(nobody.now()).rejects.toThrow(
      /^GET http:\/\/127\.0\.0\.1:1\/_local\/clock: no answer: .*(bad port|ECONN)/,
    );
    await expect(nobody.ready({ within: 10 })).rejects.toThrow('is not ready within 10 ms');
  });

  it('passes on why a request is refused', async () => {
    await expect(cloud.advance(-1)).rejects.toThrow(/POST .*\/_local\/clock returned 400: The body must be/);
  });
});
